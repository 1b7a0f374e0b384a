// Follows the run that the page's server tells of, until the page is that of its end. A page keeps how it is looked at: what
// the timeline shows, what is open, where it is scrolled to.
(() => {
  const $ = id => document.getElementById(id);
  const shownMillis = 1000;
  const hiddenMillis = 20000;
  const busyMillis = 10000; // so long a reader is not disturbed
  const tries = 3;

  const page = crypto.randomUUID();
  const places = ['header', 'main'].map(name => document.querySelector(name));
  const blank = places.map(place => place.cloneNode(true));
  const workers = [];
  const timeline = {};
  let told; // what came last
  let isOver = false;
  let lookedAt; // what drawRun has returned
  let controller = new AbortController();
  let drawnAt = -Infinity;
  let tookMillis = 0;
  let isPressed = false;
  let pointer;
  let asked; // takes back what is asked for

  addEventListener('pointerdown', () => { isPressed = true; }, true);
  ['pointerup', 'pointercancel'].forEach(name => addEventListener(name, () => { isPressed = false; }, true));
  addEventListener('pointermove', event => { pointer = event; }, true);

  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && asked) asked.abort();
  });

  const pause = millis => new Promise(done => setTimeout(done, millis));

  /** Takes what is new: workers by their places, attempts behind those that are there. */
  function take(news) {
    told = news;
    news.doc.run.workers.forEach(worker => { workers[worker.index] = worker; });
    for (const [name, column] of Object.entries(news.doc.run.timeline)) {
      if (!Array.isArray(column)) timeline[name] = column;
      else if (timeline[name] === undefined) timeline[name] = column;
      else column.forEach(figure => timeline[name].push(figure));
    }
    timeline.attempts = timeline.task.length;
    isOver = news.over;
  }

  function show() {
    const from = performance.now();
    const kept = lookedAt && lookedAt();
    const focused = document.activeElement && document.activeElement.id;
    const scrolled = scrollY;
    const pages = new Map([...document.querySelectorAll('[data-page]')].map(place => [place.id, place.dataset.page]));
    controller.abort();
    controller = new AbortController();
    places.forEach((place, i) => place.replaceChildren(...blank[i].cloneNode(true).childNodes));
    pages.forEach((at, id) => { $(id).dataset.begin = at; });
    const doc = { ...told.doc, run: { ...told.doc.run, workers, timeline } };
    lookedAt = drawRun(doc, isOver ? told.table : null, isOver ? told.answer : '', kept, controller.signal);
    if (isOver) say('The command has ended. This page stays until it is closed; --report FILE.html keeps one.');
    if (focused && $(focused)) $(focused).focus({ preventScroll: true });
    scrollTo({ top: scrolled, behavior: 'instant' });
    const canvas = $('timeline');
    if (pointer && pointer.target.id === 'timeline') canvas.dispatchEvent(new PointerEvent('pointermove', pointer));
    drawnAt = performance.now();
    tookMillis = drawnAt - from;
    document.documentElement.dataset.drawn = isOver ? 'yes' : 'live';
  }

  function say(text, isLost) {
    $('live').textContent = text;
    $('live').classList.toggle('lost', Boolean(isLost));
    $('live').hidden = false;
  }

  const isRead = () => isPressed || document.activeElement instanceof HTMLSelectElement || !getSelection().isCollapsed;

  async function showSoon() {
    while (isRead() && performance.now() - drawnAt < busyMillis) await pause(300);
    show();
  }

  /** Waits so long for news at the server; nothing, if it does not answer. */
  async function ask(wait) {
    const known = told === undefined ? 'attempts=0&workers=0&since=0' : 'attempts=' + timeline.attempts
      + '&workers=' + workers.length + '&since=' + told.doc.run.progress.nowSeconds;
    for (let i = 1; i <= tries; i++) {
      try {
        asked = new AbortController();
        const answer = await fetch('run.json?page=' + page + '&wait=' + wait + '&' + known,
          { cache: 'no-store', signal: asked.signal });
        if (answer.ok) return await answer.json();
      } catch (e) {
        if (asked.signal.aborted) return ask(0); // who looks at it again does not want to wait
      }
      await pause(300);
    }
    return undefined;
  }

  async function follow() {
    let wait = 0;
    while (!isOver) {
      const news = await ask(Math.round(wait));
      if (news === undefined) {
        if (told === undefined) $('title').textContent = 'No run';
        $('badge').textContent = 'lost';
        $('badge').className = 'badge bad';
        say('The command does not answer any more: it was stopped, or ended before there was a run.'
          + (told === undefined ? '' : ' This is how far it was.'), true);
        document.documentElement.dataset.drawn = 'lost';
        return;
      }
      take(news);
      if (news.more) {
        wait = 0; // and nothing is drawn that is old already
        continue;
      }
      await showSoon();
      // What takes long to draw is drawn less often.
      wait = document.hidden ? hiddenMillis : Math.min(hiddenMillis, Math.max(shownMillis, 9 * tookMillis));
    }
  }

  follow();
})();
