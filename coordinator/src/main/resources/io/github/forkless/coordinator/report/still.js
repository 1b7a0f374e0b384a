drawRun(...['data', 'answer-data', 'answer-text'].map(id => JSON.parse(document.getElementById(id).textContent)));
document.documentElement.dataset.drawn = 'yes';
