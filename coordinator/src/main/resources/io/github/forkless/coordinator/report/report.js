/**
 * Draws the page of a run, from its empty form. Everything in what it is given is somebody else's text: it goes through
 * textContent, never into markup.
 *
 * @param doc as docs/run.schema.json describes it; with run.progress, {bytes, done, alive, nowSeconds}, while it is under way. A
 *   function's run has run.parameters and run.doneParameters, and perhaps no data
 * @param table the answer, for showAnswer
 * @param text the same as it was printed
 * @param kept what this returned when it drew the page before, if it did
 * @param signal takes back what outlives the page's elements
 * @return a function that tells how the page is looked at, to be kept
 */
function drawRun(doc, table, text, kept, signal) {
  const $ = id => document.getElementById(id);
  const run = doc.run;
  const progress = run.progress;
  const timeline = run.timeline;
  const workers = run.workers;
  const isElsewhere = workers.some(worker => worker.where);
  const whereOf = new Map(workers.map(worker => [worker.pid, worker.where || worker.pid]));
  const placeOf = worker => worker.where || 'pid ' + worker.pid;
  const isFunction = run.parameters !== undefined;
  const width = doc.data && doc.data.count > 0 ? doc.data.bytes / doc.data.count : 1;
  const isText = doc.data && doc.data.type === 'text';

  // What is done is bytes that were read, or parameters of a function.
  const done = isFunction ? 'done' : 'read';
  const amount = n => isFunction ? plural(n, 'parameter') : bytes(n);
  const rate = (n, s) => s <= 0 ? '' : isFunction ? fixed(n / s, n / s < 10 ? 2 : 0) + ' a second' : n / s < 1e5 ? fixed(n / s / 1e3, 1) + ' kB/s'
    : n / s < 1e8 ? fixed(n / s / 1e6, 1) + ' MB/s' : fixed(n / s / 1e9, 2) + ' GB/s';

  // ---- attempts, in columns of numbers

  const count = timeline.attempts;
  const start = Float64Array.from(timeline.startedMicros, t => t / 1e6);
  const end = Float64Array.from(timeline.endedMicros, t => t / 1e6);
  const amountOf = i => timeline.merge[i] ? 0
    : isFunction ? timeline.endSet[i] - timeline.firstSet[i] : (timeline.to[i] - timeline.from[i]) * width;
  const parameters = (from, to) => 'parameter' + (to - from > 1 ? 's ' + whole(from) + ' to ' + whole(to - 1) : ' ' + whole(from));
  const isRetry = i => timeline.attempt[i] > 1;
  const isBad = i => timeline.outcome[i] !== 'ok';
  const failureOf = i => failures.find(f => f.task === timeline.task[i] && f.attempt === timeline.attempt[i]
    && f.pid === workers[timeline.worker[i]].pid);

  /** A lane has the attempts of a worker and of those that replaced it, in the order of time; and who these were. */
  const laneOf = i => workers[timeline.worker[i]].id;
  const lives = Array.from({ length: workers.reduce((most, worker) => Math.max(most, worker.id + 1), 0) }, () => []);
  workers.forEach(worker => lives[worker.id].push(worker));
  const lanes = lives.map(() => []);
  for (let i = 0; i < count; i++) lanes[laneOf(i)].push(i);
  lanes.forEach(lane => lane.sort((a, b) => start[a] - start[b]));

  function describe(i) {
    const worker = workers[timeline.worker[i]];
    const took = end[i] - start[i];
    const lines = [];
    const failure = isBad(i) && failureOf(i);
    lines.push('worker ' + worker.id + ', ' + placeOf(worker) + (run.passes > 1 ? ', pass ' + timeline.run[i] : ''));
    if (isBad(i)) lines.push(failure ? failure.cause : timeline.outcome[i]);
    if (isFunction) lines.push(parameters(timeline.firstSet[i], timeline.endSet[i]));
    else lines.push((isText ? 'bytes ' : 'elements ') + whole(timeline.from[i]) + ' to '
      + whole(Math.max(timeline.from[i], timeline.to[i] - 1))
      + (timeline.merge[i] ? '' : ', ' + bytes(amountOf(i))));
    if (!isFunction && timeline.endSet[i] - timeline.firstSet[i] > 1) {
      lines.push('parameter sets ' + whole(timeline.firstSet[i]) + ' to ' + whole(timeline.endSet[i] - 1));
    }
    lines.push(fixed(start[i], 6) + ' s to ' + fixed(end[i], 6) + ' s: ' + seconds(took)
      + (timeline.merge[i] || isBad(i) ? '' : ', ' + rate(amountOf(i), took)));
    if (timeline.minorFaults[i] >= 0) {
      lines.push(plural(timeline.minorFaults[i], 'minor fault') + ', ' + plural(timeline.majorFaults[i], 'major fault'));
    }
    const name = (timeline.merge[i] ? 'Merge ' : 'Task ') + timeline.task[i]
      + (timeline.attempt[i] > 1 ? ', attempt ' + timeline.attempt[i] : '')
      + (isBad(i) ? ': ' + (timeline.outcome[i] === 'died' ? 'its worker died' : 'it threw') : '');
    return { name, lines };
  }

  // ---- head

  const isSweep = table !== null && table.parameters > 0;
  const moments = run.moments;
  const workFrom = moments.firstTaskSeconds;
  const workTo = moments.lastPartialSeconds;
  const workTime = workFrom === undefined || workTo === undefined ? 0 : workTo - workFrom;
  const last = progress ? progress.nowSeconds : [...Object.values(moments), ...workers.map(w => w.endedSeconds || w.preparedSeconds || w.upSeconds || 0)]
    .reduce((a, b) => Math.max(a, b), 0);
  const busy = workers.reduce((sum, w) => sum + w.busySeconds, 0);
  // Of what failed, its end is told by its worker's for the time being.
  const failures = !progress ? run.failures : [...start.keys()].filter(isBad).map(i => ({
    task: timeline.task[i], slice: [timeline.from[i], timeline.to[i]], attempt: timeline.attempt[i], lastWords: [],
    pid: workers[timeline.worker[i]].pid,
    cause: timeline.outcome[i] === 'died' ? workers[timeline.worker[i]].end : 'the job threw an exception'
  }));

  const title = doc.job.split('/').pop() + ' over ' + [isFunction ? plural(run.parameters, 'parameter') : '',
    doc.data ? doc.data.path.split('/').pop() : ''].filter(part => part).join(' and ');
  const hasAnswer = run.error === undefined;
  document.title = (progress && progress.bytes > 0 ? percent() + ' ' : '') + title + ' \u2013 Forkless run';
  $('badge').textContent = progress ? 'running' : !hasAnswer ? 'failed' : run.complete ? 'complete' : 'not complete';
  $('badge').classList.toggle('bad', !run.complete && !progress);
  $('badge').classList.toggle('running', progress !== undefined);
  $('title').textContent = title;
  if (progress) showProgress();
  else showAnswer(table, text, run);

  function percent() {
    return whole(Math.floor(100 * progress.done / progress.bytes)) + ' %';
  }

  /** Where the answer will be. */
  function showProgress() {
    const alive = progress.alive < run.procs ? whole(progress.alive) + ' of ' + plural(run.procs, 'worker') + ' there' : '';
    const failed = run.failed === 0 ? '' : plural(run.failed, 'failed attempt');
    if (progress.bytes === 0) {
      $('headline').append(element('p', '', 'Starting'),
        element('div', 'muted', [alive || plural(run.procs, 'worker') + ' there', failed].filter(part => part).join(', ')));
      return;
    }
    const bar = element('div', 'progress');
    bar.setAttribute('role', 'progressbar');
    bar.setAttribute('aria-label', 'Done');
    bar.setAttribute('aria-valuenow', Math.floor(100 * progress.done / progress.bytes));
    const filled = element('span');
    filled.style.width = 100 * progress.done / progress.bytes + '%';
    bar.append(filled);
    const speed = run.wallSeconds > 0 ? run.readBytes / run.wallSeconds : 0; // what a journal had was not read
    const left = speed > 0 ? duration((progress.bytes - progress.done) / speed) + ' left' : '';
    $('headline').append(element('p', '', percent()), bar, element('div', '', [(run.passes > 1 ? 'pass ' + run.passes + ', ' : '')
      + bytes(progress.done) + ' of ' + bytes(progress.bytes), left, speed > 0 ? rate(speed, 1) : '', alive, failed]
      .filter(part => part).join(', ')));
  }

  /** As a clock has it. */
  function duration(s) {
    const whole_ = Math.round(s);
    const two = n => String(n).padStart(2, '0');
    return Math.floor(whole_ / 3600) + ':' + two(Math.floor(whole_ / 60) % 60) + ':' + two(whole_ % 60);
  }

  const unit = isText ? 'bytes' : 'elements';
  const extent = data => data.count === 0 ? 'nothing (the file is empty)' : data.type === 'text' ? bytes(data.bytes) + ' of text'
    : whole(data.count) + ' ' + data.type + ' (' + bytes(data.bytes) + ')';
  const described = data => data.path + (data.files ? ' (' + whole(data.files.length) + ' files)' : '') + ': ' + (data.count === 0 ? 'empty' : whole(data.count) + ' '
    + (data.type === 'text' ? 'bytes of text' : data.type + ', ' + bytes(data.bytes)));
  $('subtitle').textContent = [...(doc.data ? [described(doc.data)] : []),
    ...(doc.with || []).map(data => 'with ' + data.name + ' = ' + described(data))].join('; ');
  const range = ([from, to]) => unit + ' ' + whole(from) + ' to ' + whole(Math.max(from, to - 1));
  const place = part => doc.data && !doc.data.files ? range(part.slice) : part.what || range(part.slice);
  const began = moments.submittedSeconds !== undefined;
  $('shape').textContent = doc.job.split('/').pop() + ' over ' + [isFunction ? plural(run.parameters, 'parameter') : '',
    doc.data ? extent(doc.data) : ''].filter(part => part).join(' and ') + ' with '
    + plural(run.procs, run.engine === 'threads' ? 'thread' : 'worker') + ', ' + seconds(moments.printedSeconds || moments.completedSeconds || last)
    + (progress ? ' so far.' : !hasAnswer ? ' until it failed: there is no answer'
      + (isFunction ? ', but ' + whole(run.doneParameters) + ' of ' + plural(run.parameters, 'parameter') + ' were done.' : '.')
      : ' from start to answer: ' + (run.complete ? 'complete' : 'not complete, ' + lacking()) + '.');

  function lacking() {
    if (run.only) return 'as only ' + range(run.only) + ' were asked for';
    const sets = run.leftOut.filter(part => part.failed).reduce((sum, part) => sum + part.parameterSets[1] - part.parameterSets[0], 0);
    const parts = run.leftOut.filter(part => !part.failed).length;
    return [(isSweep || isFunction) && sets > 0 ? plural(sets, isFunction ? 'parameter' : 'parameter set') + ' failed' : sets > 0 ? 'everything failed' : '',
      parts > 0 ? plural(parts, 'part') + ' of the data left out' : ''].filter(text => text).join(', ') || 'see below';
  }

  if (!hasAnswer) {
    $('error').textContent = run.error;
    $('error').hidden = false;
  }
  if (run.journalFailure !== undefined) {
    $('error').textContent += (hasAnswer ? '' : '\n') + 'The journal is not whole: ' + run.journalFailure;
    $('error').hidden = false;
  }
  $('resumed').hidden = run.resumed === 0;
  $('resumed').textContent = 'An earlier run had finished ' + plural(run.resumed, 'task')
    + (isFunction ? '' : ' and read ' + bytes(run.resumedBytes))
    + ': that was taken from the journal' + (count === 0 ? ', and left nothing to do.' : ', and is not in the timeline.');
  let total = run.readBytes; // by this run
  if (isFunction) for (let i = 0; i < count; i++) total += isBad(i) ? 0 : amountOf(i);
  const tiles = [
    [progress ? 'since the start' : hasAnswer ? 'start to answer' : 'start to end', seconds(moments.printedSeconds || moments.completedSeconds || last)],
    ...(began ? [['the job alone', seconds(run.wallSeconds)]] : []),
    isFunction ? ['parameters done', whole(run.doneParameters)] : ['read', bytes(run.readBytes)],
    ...(total > 0 && workTime > 0 ? [[isFunction ? 'a second' : 'while working', rate(total, workTime).replace(' a second', '')]] : []),
    ['workers', whole(run.procs)],
    ['tasks', whole(run.tasks)],
    ...(run.resumed > 0 ? [['tasks resumed', whole(run.resumed)]] : []),
    ['retries', whole(run.retries)],
    ['failed attempts', whole(run.failed)]
  ];
  tiles.forEach(([name, value]) => {
    const tile = element('div');
    tile.append(element('dt', '', name), element('dd', '', value));
    $('tiles').append(tile);
  });

  // ---- how much was done by when: a line of corners, for as much as there is

  const corners = (() => {
    const scans = [];
    for (let i = 0; i < count; i++) if (!timeline.merge[i] && !isBad(i)) scans.push(i);
    const times = new Float64Array(scans.length * 2);
    const changes = new Float64Array(scans.length * 2);
    scans.forEach((i, at) => {
      const took = Math.max(1e-6, end[i] - start[i]);
      times[2 * at] = start[i];
      times[2 * at + 1] = start[i] + took;
      changes[2 * at] = amountOf(i) / took;
      changes[2 * at + 1] = -changes[2 * at];
    });
    const order = Uint32Array.from(times.keys()).sort((a, b) => times[a] - times[b]);
    const at = new Float64Array(order.length);
    const read = new Float64Array(order.length);
    const speed = new Float64Array(order.length);
    let total = 0;
    let now = 0;
    order.forEach((which, i) => {
      at[i] = times[which];
      if (i > 0) total += now * (at[i] - at[i - 1]);
      now += changes[which];
      read[i] = total;
      speed[i] = now;
    });
    return { at, read, speed };
  })();

  /** The first index in a sorted array whose value, by way of `of`, is greater than `value`. */
  function firstAfter(length, of, value) {
    let low = 0;
    let high = length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (of(middle) > value) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  function readBy(time) {
    const i = firstAfter(corners.at.length, k => corners.at[k], time) - 1;
    return i < 0 ? 0 : corners.read[i] + corners.speed[i] * (time - corners.at[i]);
  }

  // ---- timeline

  const canvas = $('timeline');
  const pen = canvas.getContext('2d');
  const tip = $('tip');
  const all = { from: 0, to: Math.max(last, 1e-3) * 1.03 };
  const work = workTime > 0
    ? { from: Math.max(0, workFrom - 0.02 * workTime), to: (moments.completedSeconds || workTo) + 0.02 * workTime }
    : all;
  // Of a short run, the start would be nearly all there is to see.
  let view = kept && kept.view === 'all' ? { ...all } : kept && kept.view === 'work' ? { ...work } : kept && kept.view
    || { ...(workTime < all.to / 4 ? work : all) };
  let isViewChosen = Boolean(kept && kept.view);
  let chosen = kept ? kept.chosen : -1;
  let drag = null;

  const laneHeight = Math.max(7, Math.min(30, Math.floor(420 / Math.max(1, lanes.length))));
  const hasStrip = progress || corners.at.length > 0;
  const top = hasStrip ? 84 : 12; // the strip above the lanes, for what was done by when
  const axis = 26;
  let left = 76;
  let size = { width: 0, height: 0 };
  const xOf = time => left + (time - view.from) / (view.to - view.from) * (size.width - left - 8);
  const timeOf = x => view.from + (x - left) / (size.width - left - 8) * (view.to - view.from);

  function colors() {
    const style = getComputedStyle(document.documentElement);
    const names = ['card', 'ink', 'soft', 'line', 'scan', 'retry', 'merge', 'bad', 'start', 'focus'];
    return Object.fromEntries(names.map(name => [name, style.getPropertyValue('--' + name).trim()]));
  }

  const kindOf = i => isBad(i) ? 'bad' : timeline.merge[i] ? 'merge' : isRetry(i) ? 'retry' : 'scan';

  function draw() {
    if (canvas.clientWidth === 0) return; // it is hidden
    const scale = window.devicePixelRatio || 1;
    size = { width: canvas.clientWidth, height: top + laneHeight * lanes.length + axis };
    left = size.width < 560 ? 38 : 76;
    canvas.style.height = size.height + 'px';
    canvas.width = Math.round(size.width * scale);
    canvas.height = Math.round(size.height * scale);
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    const color = colors();
    pen.font = '12px system-ui, sans-serif';
    pen.textBaseline = 'middle';
    $('zoom-all').setAttribute('aria-pressed', view.from === all.from && view.to === all.to);
    $('zoom-work').setAttribute('aria-pressed', view.from === work.from && view.to === work.to);
    drawAxis(color);
    drawRate(color);
    lanes.forEach((_, lane) => drawLane(lane, color));
    if (drag && Math.abs(drag.to - drag.from) > 3) {
      pen.globalAlpha = 0.2;
      pen.fillStyle = color.focus;
      pen.fillRect(Math.min(drag.from, drag.to), 0, Math.abs(drag.to - drag.from), size.height - axis);
      pen.globalAlpha = 1;
    }
    if (chosen >= 0) {
      const x = xOf(start[chosen]);
      const y = top + laneOf(chosen) * laneHeight;
      pen.strokeStyle = color.focus;
      pen.lineWidth = 2;
      pen.strokeRect(x - 1, y, Math.max(4, xOf(end[chosen]) - x + 2), laneHeight - 2);
    }
  }

  function drawAxis(color) {
    const span = view.to - view.from;
    const wanted = span / Math.max(2, Math.floor((size.width - left) / 90));
    const power = Math.pow(10, Math.floor(Math.log10(wanted)));
    const step = [1, 2, 5, 10].map(k => k * power).find(k => k >= wanted);
    const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    pen.textAlign = 'center';
    for (let tick = Math.ceil(view.from / step) * step; tick <= view.to; tick += step) {
      const x = xOf(tick);
      pen.fillStyle = color.line;
      pen.fillRect(Math.round(x), 0, 1, size.height - axis + 4);
      pen.fillStyle = color.soft;
      const text = fixed(tick, digits) + ' s';
      if (x + pen.measureText(text).width / 2 < size.width) pen.fillText(text, x, size.height - axis / 2 + 2);
    }
  }

  /** What was done in each of some equal times, which depend on the run alone: not on the window, and not on the view. */
  const bins = (() => {
    const power = 10 ** Math.floor(Math.log10(Math.max(1e-6, workTime) / 100));
    const width = [1, 2, 5, 10].map(k => k * power).find(k => workTime / k <= 100) || power;
    const first = workTime > 0 ? Math.floor(workFrom / width) : 0;
    const speeds = [];
    for (let bin = first; workTime > 0 && bin * width < workTo; bin++) {
      speeds.push((readBy((bin + 1) * width) - readBy(bin * width)) / width);
    }
    return { width, first, speeds, most: speeds.reduce((a, b) => Math.max(a, b), 0) };
  })();

  function drawRate(color) {
    if (!hasStrip) return;
    const floor = top - 12;
    pen.fillStyle = color.line;
    pen.fillRect(left, floor, size.width - left - 8, 1);
    if (bins.most === 0) return;
    pen.save();
    pen.beginPath();
    pen.rect(left, 0, size.width - left - 8, floor);
    pen.clip();
    pen.globalAlpha = 0.45;
    pen.fillStyle = color.soft;
    bins.speeds.forEach((speed, i) => {
      const from = xOf((bins.first + i) * bins.width);
      const to = xOf((bins.first + i + 1) * bins.width);
      const high = speed / bins.most * (floor - 20);
      pen.fillRect(from, floor - high, Math.max(1, to - from - (to - from > 4 ? 1 : 0)), high);
    });
    pen.restore();
    pen.fillStyle = color.soft;
    pen.textAlign = 'left';
    pen.fillText(done + ': up to ' + rate(bins.most, 1) + ' in ' + seconds(bins.width), left + 2, 8);
  }

  function drawLane(lane, color) {
    const y = top + lane * laneHeight;
    const height = laneHeight - (laneHeight > 12 ? 4 : 1);
    if (lane % Math.ceil(14 / laneHeight) === 0) {
      pen.fillStyle = color.ink;
      pen.textAlign = 'left';
      pen.fillText((size.width < 560 ? 'w ' : 'worker ') + lane, 0, y + height / 2);
    }
    pen.save();
    pen.beginPath();
    pen.rect(left, 0, size.width - left - 8, size.height);
    pen.clip();
    lives[lane].forEach(worker => drawLife(worker, y, height, color));
    drawAttempts(lanes[lane], y, height, color);
    let marked = -Infinity;
    lives[lane].filter(died).forEach(worker => {
      const x = xOf(worker.endedSeconds);
      if (x < marked + 11 && x >= marked) return; // there is a mark
      marked = x;
      drawDeath(x, y + height / 2, Math.min(5, height / 2), color);
    });
    pen.restore();
  }

  const died = worker => worker.end !== 'ok' && worker.endedSeconds !== undefined;

  /** Of a run under way it is not known yet whether it comes up. */
  const neverCameUp = worker => worker.upSeconds === undefined && worker.startedSeconds !== undefined
    && (!progress || worker.endedSeconds !== undefined);

  /** A worker's start in three shades, and a line for as long as it was there; stripes, if it never came up. */
  function drawLife(worker, y, height, color) {
    const until = worker.endedSeconds === undefined ? last : worker.endedSeconds;
    const phases = [worker.startedSeconds, worker.upSeconds, worker.mappedSeconds, worker.preparedSeconds];
    pen.fillStyle = color.start;
    if (worker.upSeconds === undefined) {
      if (worker.startedSeconds === undefined) return;
      if (!neverCameUp(worker)) {
        pen.fillRect(xOf(worker.startedSeconds), y + height * 0.25, xOf(until) - xOf(worker.startedSeconds), height * 0.5);
        return;
      }
      const to = Math.max(xOf(until), xOf(worker.startedSeconds) + 2);
      for (let x = Math.max(left, xOf(worker.startedSeconds)); x < Math.min(to, size.width); x += 6) {
        pen.fillRect(x, y + height * 0.25, Math.min(3, to - x), height * 0.5);
      }
      return;
    }
    pen.fillRect(xOf(worker.upSeconds), y + height - 2, xOf(until) - xOf(worker.upSeconds), 2);
    for (let i = 0; i + 1 < phases.length; i++) {
      if (phases[i] === undefined || phases[i + 1] === undefined) continue;
      pen.globalAlpha = 1 - i * 0.28;
      pen.fillRect(xOf(phases[i]), y + height * 0.25, Math.max(1, xOf(phases[i + 1]) - xOf(phases[i]) - 1), height * 0.5);
      pen.globalAlpha = 1;
    }
  }

  /**
   * An attempt that is wide enough is a bar; of what is narrower, each pixel has the share of its time that was busy as its
   * shade, and the kind that most of that was as its color. What failed is always seen.
   */
  function drawAttempts(attempts, y, height, color) {
    const scale = window.devicePixelRatio || 1;
    const columns = Math.ceil((size.width - left - 8) * scale);
    const shares = { scan: new Float32Array(columns), retry: new Float32Array(columns), merge: new Float32Array(columns),
      bad: new Float32Array(columns) };
    const bars = [];
    // One attempt more on the left, which may reach into the view.
    let i = Math.max(0, firstAfter(attempts.length, k => start[attempts[k]], view.from) - 1);
    for (; i < attempts.length && start[attempts[i]] <= view.to; i++) {
      const it = attempts[i];
      const from = (xOf(start[it]) - left) * scale;
      const to = (xOf(end[it]) - left) * scale;
      if (to - from >= 3 * scale) {
        bars.push(it);
        continue;
      }
      const share = shares[kindOf(it)];
      for (let x = Math.max(0, Math.floor(from)); x <= Math.min(columns - 1, Math.floor(to)); x++) {
        share[x] += Math.max(1e-6, Math.min(to, x + 1) - Math.max(from, x));
      }
    }
    const paint = (kind, x, wide) => {
      pen.fillStyle = color[kind];
      // Merges are lower, so that they are told from tasks by their form, too.
      if (kind === 'merge') pen.fillRect(x, y + height * 0.4, wide, height * 0.6);
      else pen.fillRect(x, y, wide, height);
    };
    for (let x = 0; x < columns; x++) {
      const all_ = shares.scan[x] + shares.retry[x] + shares.merge[x] + shares.bad[x];
      if (all_ === 0) continue;
      const kind = shares.bad[x] > 0 ? 'bad'
        : ['scan', 'retry', 'merge'].reduce((a, b) => shares[b][x] > shares[a][x] ? b : a);
      pen.globalAlpha = Math.max(kind === 'bad' ? 0.5 : 0.1, Math.min(1, all_));
      paint(kind, left + x / scale, 1 / scale);
    }
    pen.globalAlpha = 1;
    bars.sort((a, b) => isBad(a) - isBad(b)).forEach(it => paint(kindOf(it), xOf(start[it]), xOf(end[it]) - xOf(start[it]) - 1));
  }

  function drawDeath(x, middle, r, color) {
    const cross = () => {
      pen.beginPath();
      pen.moveTo(x - r, middle - r);
      pen.lineTo(x + r, middle + r);
      pen.moveTo(x + r, middle - r);
      pen.lineTo(x - r, middle + r);
      pen.stroke();
    };
    pen.strokeStyle = color.card;
    pen.lineWidth = 5;
    cross();
    pen.strokeStyle = color.ink;
    pen.lineWidth = 2;
    cross();
  }

  let isDrawing = false;
  function drawSoon() {
    if (isDrawing) return;
    isDrawing = true;
    requestAnimationFrame(() => {
      isDrawing = false;
      draw();
    });
  }

  function look(from, to) {
    isViewChosen = true;
    const span = Math.max(1e-6, Math.min(to - from, all.to));
    const begin = Math.max(0, Math.min(from, all.to - span));
    view = { from: begin, to: begin === from ? to : begin + span };
    drawSoon();
  }

  function zoom(factor, around) {
    const center = around === undefined ? (view.from + view.to) / 2 : around;
    look(center - (center - view.from) * factor, center + (view.to - center) * factor);
  }

  /** The attempt under a point of the canvas; -1 if there is none within three pixels. */
  function attemptAt(x, y) {
    const lane = Math.floor((y - top) / laneHeight);
    if (x < left || lane < 0 || lane >= lanes.length) return -1;
    const attempts = lanes[lane];
    const i = firstAfter(attempts.length, k => start[attempts[k]], timeOf(x)) - 1;
    let nearest = -1;
    let distance = 3;
    for (const k of [i, i + 1]) {
      if (k < 0 || k >= attempts.length) continue;
      const away = Math.max(xOf(start[attempts[k]]) - x, x - xOf(end[attempts[k]]), 0);
      if (away < distance) {
        nearest = attempts[k];
        distance = away;
      }
    }
    return nearest;
  }

  /** What a lane has at a point beside attempts: a worker's start, or deaths; nothing elsewhere. */
  function lifeAt(x, y) {
    const lane = Math.floor((y - top) / laneHeight);
    if (x < left || lane < 0 || lane >= lanes.length) return undefined;
    const name = worker => 'worker ' + worker.id + ', ' + placeOf(worker);
    const dead = lives[lane].filter(worker => died(worker) && Math.abs(x - xOf(worker.endedSeconds)) < 7);
    if (dead.length > 1) return { name: plural(dead.length, 'worker') + ' died here', lines: dead.slice(0, 3).map(worker => worker.end) };
    if (dead.length > 0) {
      return { name: name(dead[0]) + ': died', lines: [dead[0].end, 'at ' + fixed(dead[0].endedSeconds, 3) + ' s'] };
    }
    const time = timeOf(x);
    for (const worker of lives[lane]) {
      const phases = worker.upSeconds === undefined
        ? [[neverCameUp(worker) ? 'never came up' : 'its JVM starts', worker.startedSeconds, worker.endedSeconds === undefined ? last : worker.endedSeconds]]
        : [['its JVM starts', worker.startedSeconds, worker.upSeconds],
          ['it maps the dataset', worker.upSeconds, worker.mappedSeconds],
          ['it prepares the job, and waits for it', worker.mappedSeconds, worker.preparedSeconds]];
      const phase = phases.find(([, from, to]) => time >= from && time < to);
      if (phase) {
        return { name: name(worker) + ': ' + phase[0],
          lines: [fixed(phase[1], 3) + ' s to ' + fixed(phase[2], 3) + ' s: ' + seconds(phase[2] - phase[1])] };
      }
    }
    return undefined;
  }

  function showTip(title, lines, x, y) {
    tip.replaceChildren(element('b', '', title), ...lines.map(line => element('span', '', line)));
    tip.hidden = false;
    const room = canvas.clientWidth - tip.offsetWidth;
    tip.style.left = Math.max(0, Math.min(x + 14, room)) + 'px';
    tip.style.top = y + 16 + 'px';
  }

  function hover(event) {
    const box = canvas.getBoundingClientRect();
    const x = event.clientX - box.left;
    const y = event.clientY - box.top;
    const i = attemptAt(x, y);
    if (i >= 0) {
      const { name, lines } = describe(i);
      showTip(name, lines, x, y);
    } else if (y < top - 4 && x >= left && workTime > 0) {
      const bin = Math.floor(timeOf(x) / bins.width);
      const from = bin * bins.width;
      showTip(seconds(from) + ' to ' + seconds(from + bins.width), [bins.speeds[bin - bins.first] > 0 ? rate(bins.speeds[bin - bins.first], 1) : 'nothing ' + done,
        amount(readBy(from + bins.width)) + ' ' + done + ' by then'], x, y);
    } else {
      const life = lifeAt(x, y);
      if (life) showTip(life.name, life.lines, x, y);
      else tip.hidden = true;
    }
  }

  /** For the keyboard: chooses an attempt, shows it, and says what it is. */
  function choose(i) {
    chosen = i;
    const span = view.to - view.from;
    if (start[i] < view.from || end[i] > view.to) look((start[i] + end[i] - span) / 2, (start[i] + end[i] + span) / 2);
    const { name, lines } = describe(i);
    $('said').textContent = name + ': ' + lines.join('; ');
    tip.hidden = true;
    drawSoon();
  }

  function walk(event) {
    const lane = chosen < 0 ? lanes.findIndex(attempts => attempts.length > 0) : laneOf(chosen);
    if (lane < 0) return;
    const at = lanes[lane].indexOf(chosen);
    const near = (from, step) => {
      for (let k = from + step; k >= 0 && k < lanes.length; k += step) {
        if (lanes[k].length === 0) continue;
        const after = firstAfter(lanes[k].length, n => start[lanes[k][n]], start[chosen]);
        return lanes[k][Math.max(0, Math.min(lanes[k].length - 1, after - 1))];
      }
      return chosen;
    };
    const keys = {
      ArrowRight: () => choose(lanes[lane][Math.min(lanes[lane].length - 1, at + 1)]),
      ArrowLeft: () => choose(lanes[lane][Math.max(0, at - 1)]),
      ArrowDown: () => choose(chosen < 0 ? lanes[lane][0] : near(lane, 1)),
      ArrowUp: () => choose(chosen < 0 ? lanes[lane][0] : near(lane, -1)),
      Home: () => choose(lanes[lane][0]),
      End: () => choose(lanes[lane][lanes[lane].length - 1]),
      '+': () => zoom(0.5, chosen < 0 ? undefined : start[chosen]),
      '=': () => zoom(0.5, chosen < 0 ? undefined : start[chosen]),
      '-': () => zoom(2, chosen < 0 ? undefined : start[chosen]),
      0: () => look(all.from, all.to),
      Escape: () => {
        chosen = -1;
        $('said').textContent = '';
        drawSoon();
      }
    };
    if (keys[event.key] && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      keys[event.key]();
    }
  }

  canvas.addEventListener('pointermove', event => {
    if (drag) {
      drag.to = event.clientX - canvas.getBoundingClientRect().left;
      tip.hidden = true;
      drawSoon();
    } else {
      hover(event);
    }
  });
  canvas.addEventListener('pointerleave', () => { tip.hidden = true; });
  canvas.addEventListener('pointerdown', event => {
    if (event.button !== 0) return;
    const x = event.clientX - canvas.getBoundingClientRect().left;
    drag = { from: x, to: x };
    if (event.isTrusted) canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener('pointerup', event => {
    if (drag && Math.abs(drag.to - drag.from) > 5) {
      look(timeOf(Math.max(left, Math.min(drag.from, drag.to))), timeOf(Math.max(drag.from, drag.to)));
    } else {
      hover(event);
    }
    drag = null;
    drawSoon();
  });
  canvas.addEventListener('pointercancel', () => {
    drag = null;
    drawSoon();
  });
  canvas.addEventListener('dblclick', () => look(all.from, all.to));
  canvas.addEventListener('wheel', event => {
    if (!event.ctrlKey && !event.metaKey) return; // the page scrolls
    event.preventDefault();
    zoom(event.deltaY > 0 ? 1.25 : 0.8, timeOf(event.clientX - canvas.getBoundingClientRect().left));
  }, { passive: false });
  canvas.addEventListener('keydown', walk);
  $('zoom-in').addEventListener('click', () => zoom(0.5));
  $('zoom-out').addEventListener('click', () => zoom(2));
  $('zoom-work').addEventListener('click', () => look(work.from, work.to));
  $('zoom-all').addEventListener('click', () => look(all.from, all.to));
  const sizes = new ResizeObserver(drawSoon);
  sizes.observe(canvas.parentElement);
  if (signal) signal.addEventListener('abort', () => sizes.disconnect());
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawSoon, { signal });
  addEventListener('beforeprint', draw, { signal });

  $('strip-text').hidden = !hasStrip;
  $('zoom-work').hidden = work === all;
  const has = kind => Array.from({ length: count }, (_, i) => i).some(i => kindOf(i) === kind);
  $('legend').append(...[
    ...(has('scan') ? [['scan', 'task; the paler, the less of that time it was busy']] : []),
    ...(has('retry') ? [['retry', 'tried again']] : []),
    ...(has('merge') ? [['merge', 'merge']] : []),
    ...(has('bad') ? [['bad', 'failed']] : []),
    ...(workers.some(died) ? [['\u2715', 'a worker died; what follows is its replacement']] : []),
    ...(workers.some(worker => worker.startedSeconds !== undefined && !neverCameUp(worker)) ? [['start', 'its JVM starts']] : []),
    ...(workers.some(worker => worker.preparedSeconds !== undefined) ? [['start2', 'maps'], ['start3', 'prepares the job']] : []),
    ['there', 'is there'],
    ...(workers.some(neverCameUp) ? [['never', 'never came up']] : []),
    ...(bins.most > 0 ? [['read', done]] : [])
  ].map(([mark, text]) => key(mark, text)));
  if (timeline.notKept > 0) {
    $('legend').append(element('span', 'error', plural(timeline.notKept, 'attempt') + ' more are not shown: there was no room'));
  }

  // ---- how the work fell

  function track(from, to, whole_, className) {
    const box = element('span', 'track');
    const bar = element('span', 'bar' + (className ? ' ' + className : ''));
    bar.style.left = 100 * from / whole_ + '%';
    bar.style.width = 100 * (to - from) / whole_ + '%';
    if (to > from) box.append(bar);
    return box;
  }

  const lastOf = isFunction ? 'last result' : 'last partial';
  const busiest = workers.reduce((most, w) => Math.max(most, w.busySeconds), 1e-9);
  const readOf = new Float64Array(workers.length);
  for (let i = 0; i < count; i++) if (!isBad(i)) readOf[timeline.worker[i]] += amountOf(i);
  const known = value => value === undefined ? '' : whole(value);
  pager($('pages-of-workers'), 12, (from, to) => fill($('workers'),
    ['worker', isElsewhere ? 'where' : 'pid', 'tasks', isFunction ? 'parameters' : 'read', 'busy', ' ', 'minor faults', 'major faults', 'own memory', ' end'],
    workers.slice(from, to).map((w, i) => [w.id, isElsewhere ? w.where : w.pid, whole(w.tasks), isFunction ? whole(readOf[from + i]) : bytes(readOf[from + i]), seconds(w.busySeconds),
      track(0, w.busySeconds, busiest), known(w.minorFaults), known(w.majorFaults),
      w.ownBytes === undefined ? '' : bytes(w.ownBytes), w.end === 'ok' ? w.end : element('span', 'error', headOf(w.end))])))(workers.length);
  const atEnd = workers.filter(w => w.endedSeconds === undefined);
  $('evenness').textContent = workTime > 0 && atEnd.length > 0
    ? 'Between the first task and the ' + lastOf + ', ' + seconds(workTime) + ', the workers were at work '
      + fixed(100 * Math.min(1, busy / (run.procs * workTime)), 0) + ' % of the time: the busiest ' + seconds(busiest)
      + ', the least busy ' + seconds(atEnd.reduce((least, w) => Math.min(least, w.busySeconds), Infinity))
      + '. Page faults are those of a worker\u2019s whole life; those of each attempt are in the table below.'
    : count === 0 ? 'No worker had a task to do.' : '';

  // ---- start to end

  const earliest = name => Math.min(...workers.slice(0, run.procs).map(w => w[name]).filter(t => t !== undefined));
  const latest = name => Math.max(...workers.slice(0, run.procs).map(w => w[name]).filter(t => t !== undefined));
  const phases = [
    ['launcher, JVM of the coordinator', 0, moments.coordinatorUpSeconds],
    ['command line, dataset', moments.coordinatorUpSeconds, moments.datasetOpenedSeconds],
    ['JVMs of the workers', earliest('startedSeconds'), latest('upSeconds'), 'start'],
    ['workers wait and map', earliest('upSeconds'), latest('mappedSeconds'), 'start'],
    ['workers prepare the job', earliest('mappedSeconds'), latest('preparedSeconds'), 'start'],
    ['pool opened, job handed over', moments.datasetOpenedSeconds, moments.submittedSeconds],
    ['until the first task', moments.submittedSeconds, workFrom],
    ['first task to ' + lastOf, workFrom, workTo],
    hasAnswer ? [run.complete ? 'merged and proved complete' : 'merged', workTo, moments.completedSeconds]
      : ['until it had failed', workTo ?? workFrom ?? moments.submittedSeconds, moments.completedSeconds],
    ['printed', moments.completedSeconds, moments.printedSeconds]
  ].filter(([, from, to]) => Number.isFinite(from) && Number.isFinite(to) && to >= from && to > 0)
    .sort(([, from, to], [, from2, to2]) => from - from2 || to - to2);
  const until = Math.max(1e-9, ...phases.map(([, , to]) => to));
  if (moments.coordinatorUpSeconds === undefined) $('moments-text').textContent = 'Seconds since the program handed the run over.';
  fill($('moments'), [' phase', 'from', 'to', 'took', ' '], phases.map(([name, from, to, className]) =>
    [name, fixed(from, 3), fixed(to, 3), seconds(to - from), track(Math.max(0, from), to, until, className)]));

  // ---- memory

  const measured = workers.filter(w => w.ownBytes !== undefined);
  const shared = measured.reduce((sum, w) => sum + w.dataPssBytes, 0);
  const own = measured.reduce((sum, w) => sum + w.ownBytes, 0);
  const copies = doc.data ? run.procs * doc.data.bytes : 0;
  const copyWords = run.procs === 1 ? '1 copy' : whole(run.procs) + ' copies';
  if (progress) {
    $('memory-text').textContent = 'Told at the end.';
  } else if (isElsewhere) {
    $('memory-text').textContent = 'Not told: the workers are on hosts of a cluster.';
  } else if (run.engine === 'threads') {
    $('memory-text').textContent = 'Not told: threads share one heap.';
  } else if (doc.data && doc.data.files) {
    $('memory-text').textContent = 'Not told: the dataset is several files, of which workers map those that they read.';
  } else if (measured.length === 0) {
    $('memory-text').textContent = 'Not told: no worker was left to be looked at.';
  } else if (copies === 0) {
    $('memory-text').textContent = 'Not compared with copies: ' + (doc.data ? 'the dataset is empty' : 'there was no dataset')
      + '. The workers had ' + bytes(own) + ' in memory at the end.';
  } else if (shared < doc.data.bytes / 2) {
    $('memory-text').textContent = 'Not compared with copies: ' + (shared === 0 ? 'none' : 'only ' + bytes(shared)) + ' of the dataset\u2019s ' + bytes(doc.data.bytes)
      + ' were in the workers\u2019 memory at the end. Their own memory was ' + bytes(own) + '.';
  } else if (copies < own / 50) {
    $('memory-text').textContent = 'Not compared with copies: ' + copyWords + ' of the dataset would be ' + bytes(copies)
      + ', next to nothing beside the ' + bytes(own) + ' that the workers have of their own.';
  } else {
    const most = own + Math.max(shared, copies);
    $('memory-text').textContent = 'What the workers hold at the end, each page counted once, and what it would be if '
      + 'each of ' + plural(run.procs, 'worker') + ' had a copy of the dataset.';
    const bar = (name, total, parts) => {
      const title = element('p', 'stack-name');
      title.append(element('span', '', name), element('span', '', bytes(total)));
      const stack = element('div', 'stack');
      parts.forEach(([className, size_, label]) => {
        const part = element('span', className);
        part.style.width = 100 * size_ / most + '%';
        part.title = label + ': ' + bytes(size_);
        stack.append(part);
      });
      $('memory').append(title, stack);
    };
    bar('as it is', own + shared, [['shared', shared, 'dataset'],
      ...measured.map(w => ['own', w.ownBytes, 'worker ' + w.id + ', its own'])]);
    bar('with ' + copyWords, own + copies,
      [['copies', copies, 'copies of the dataset'], ['own', own, 'workers, their own']]);
    const figures = element('table');
    fill(figures, [' ', 'bytes'], [
      ['dataset, once for all workers', whole(shared)],
      ...measured.map(w => ['worker ' + w.id + ', its own', whole(w.ownBytes)]),
      [copyWords + ' of the dataset', whole(copies)]]);
    const wide = element('div', 'wide');
    wide.append(figures);
    const legend = element('p', 'legend');
    legend.append(key('shared', 'dataset, shared'), key('own', 'workers\u2019 own'), key('copies', 'copies that are not there'));
    $('memory').append(legend, wide);
  }

  // ---- placement

  const placement = run.placement;
  $('placement-s').hidden = !placement;
  if (placement) {
    $('placement-text').textContent = 'Pinned to: ' + placement.pin + '. Pages: ' + placement.numa + '.';
    fill($('placement'), ['worker', 'node', 'was to run on', 'may run on', 'memory of nodes'], workers.map(w => {
      const place = placement.workers[w.id] || {};
      return [w.id, place.node, place.cpus, w.cpus, w.memoryNodes].map(cell => cell === undefined ? '\u2013' : cell);
    }));
    const on = (pages, node) => whole((pages.find(p => p.node === node) || { bytes: 0 }).bytes);
    const nodes = [...new Set([...placement.before, ...placement.after].map(p => p.node))].sort((a, b) => a - b);
    if (nodes.length > 0) {
      fill($('pages'), ['node', 'bytes in memory before', 'after'],
        nodes.map(node => [node, on(placement.before, node), on(placement.after, node)]));
    }
  }

  // ---- failures, by cause and task, and what is left out

  /** A cause as a heading: one line, without bytes, and without what tells one failure from another of its kind. */
  function headOf(cause) {
    const line = cause.split('\n')[0].replace(/(?:[0-9a-f]{2} ){2,}[0-9a-f]{2} \|.*/, '\u2026')
      .replace(/ \(type \d+, task [^)]*\)/, '').replace(/\b(task|pid|port) \d+/g, '$1 \u2026').replace(/\b\d+ bytes/g, '\u2026 bytes');
    return line.length > 160 ? line.slice(0, 160) + '\u2026' : line;
  }

  function grouped(items, keyOf) {
    const groups = new Map();
    items.forEach(item => {
      const name = keyOf(item);
      if (!groups.has(name)) groups.set(name, []);
      groups.get(name).push(item);
    });
    return [...groups].sort(([, a], [, b]) => b.length - a.length);
  }

  function folded(summary, ...inside) {
    const box = element('details');
    box.append(element('summary', '', summary), ...inside);
    return box;
  }

  function causeBox([head, failures]) {
    const tasks = grouped(failures, failure => failure.task);
    const box = folded(head, element('p', 'muted', plural(failures.length, 'attempt')
      + (tasks.length > 1 ? ' at ' + plural(tasks.length, 'task') : '')));
    const rowsOf = 8;
    const list = element('table');
    const hasCodes = failures.some(failure => failure.exitCode !== undefined);
    fill(list, [' task', ' at', 'attempts', isElsewhere ? ' of workers' : ' of processes', ...(hasCodes ? [' exit code'] : [])], tasks.slice(0, rowsOf).map(([task, those]) => {
      const pids = those.map(failure => whereOf.get(failure.pid) || failure.pid);
      const codes = [...new Set(those.map(failure => failure.exitCode).filter(code => code !== undefined))];
      return [task < 0 ? 'preparing the job' : 'task ' + task, place(those[0]), whole(those.length),
        pids.slice(0, 4).join(', ') + (pids.length > 4 ? ', and ' + whole(pids.length - 4) + ' more' : ''),
        ...(hasCodes ? [codes.map(code => 'exit code ' + code).join(', ')] : [])];
    }), tasks.length > rowsOf ? 'The ' + rowsOf + ' tasks that failed most' : '');
    const wide = element('div', 'wide');
    wide.append(list);
    box.append(wide);
    const latest = failures[failures.length - 1];
    const words = [...(latest.cause === head ? [] : [latest.cause]), ...(latest.crashLog === undefined ? [] : ['crash log ' + latest.crashLog]),
      latest.trace || latest.lastWords.join('\n')].filter(text => text).join('\n\n');
    if (words) {
      const text = element('pre', '', words);
      text.tabIndex = 0;
      const inner = folded('What the latest of them said, ' + (isElsewhere ? whereOf.get(latest.pid) : 'pid ' + latest.pid), text);
      inner.open = failures.length === 1 && latest.cause === head;
      box.append(inner);
    }
    return box;
  }

  const causes = grouped(failures, failure => headOf(failure.cause));
  $('failures-s').hidden = causes.length === 0;
  const boxes = causes.map(causeBox);
  boxes.forEach((box, i) => {
    box.dataset.cause = causes[i][0];
    box.open = kept && kept.causes.has(causes[i][0]) ? kept.causes.get(causes[i][0]) : boxes.length === 1;
    box.firstElementChild.prepend(element('b', 'times', whole(causes[i][1].length) + '\u00d7'), ' ');
  });
  $('failures').append(...boxes.slice(0, 8));
  if (boxes.length > 8) {
    $('failures').append(folded('and ' + plural(boxes.length - 8, 'other cause'), ...boxes.slice(8)));
  }
  if (run.failed > failures.length && causes.length > 0 && !progress) {
    $('failures').append(element('p', 'muted', 'Of ' + whole(run.failed) + ' failures, these are the first and the last '
      + whole(failures.length / 2) + '.'));
  }

  const setName = set => isSweep && set < table.rows.length
    ? table.rows[set].slice(0, table.parameters).map((value, i) => table.names[i] + '=' + value).join(' ')
    : (isFunction ? 'parameter ' : 'set ') + whole(set);
  const setsOf = ([from, to]) => setName(from) + (to - from > 1 ? ' to ' + setName(to - 1) : '');
  $('left-s').hidden = run.leftOut.length === 0;
  pager($('pages-of-left'), 25, (from, to) => fill($('left'),
    [...(isFunction ? [] : [' range']), ...(isSweep ? [isFunction ? ' parameter' : ' parameter sets'] : []), ' cause'],
    run.leftOut.slice(from, to).map(part => [...(isFunction ? [] : [part.failed ? 'all' : place(part)]),
      ...(isSweep ? [setsOf(part.parameterSets)] : []), headOf(part.cause)])))(run.leftOut.length);

  // ---- the run itself

  const quoted = text => /^[\w@%+=:,.\/-]+$/.test(text) ? text : "'" + text.replaceAll("'", "'\\''") + "'";
  const environment = run.environment;
  $('again-h').textContent = environment.command.length > 0 ? 'Run it again' : 'Where it ran';
  $('command').hidden = environment.command.length === 0;
  $('command').textContent = 'cd ' + quoted(environment.folder) + '\n'
    + Object.entries(environment.variables).map(([name, value]) => name + '=' + quoted(value) + ' ').join('')
    + environment.command.map(quoted).join(' ');
  fill($('environment'), [' ', ' '], [
    ...(environment.command.length > 0 ? [] : [['folder', environment.folder]]), ['Forkless', environment.forkless], ['Java', environment.java], ['system', environment.system],
    ['processors', whole(environment.processors)], ['memory', bytes(environment.memoryBytes)]]);

  // ---- every attempt, a page at a time

  const hasSets = isFunction || timeline.endSet.some(set => set > 1);
  let rows = [];

  function order() {
    rows = Array.from({ length: count }, (_, i) => i);
    const kind = $('filter').value;
    if (kind === 'failed') rows = rows.filter(i => isBad(i) || isRetry(i));
    rows.sort(kind === 'slow' ? (a, b) => end[b] - start[b] - end[a] + start[a] : (a, b) => start[a] - start[b]);
    turn(rows.length);
  }

  const turn = pager($('pages-of-attempts'), 50, (from, to) => {
    const heads = ['task', 'pass', 'attempt', 'worker', isElsewhere ? 'where' : 'pid', 'from', 'to', 'first set', 'last set', 'start, s', 'took, ms',
      'GB/s', 'minor faults', 'major faults', ' outcome'];
    const isShown = head => head === 'pass' ? run.passes > 1 : head.endsWith(' set') ? hasSets
      : !isFunction || !['from', 'to', 'GB/s'].includes(head);
    fill($('attempts'),
      heads.filter(isShown).map(head => isFunction ? head.replace(' set', ' parameter') : head),
      rows.slice(from, to).map(i => {
        const worker = workers[timeline.worker[i]];
        const took = end[i] - start[i];
        const row = [(timeline.merge[i] ? 'merge ' : '') + timeline.task[i], timeline.run[i], timeline.attempt[i], worker.id,
          isElsewhere ? worker.where : worker.pid, whole(timeline.from[i]), whole(timeline.to[i]), whole(timeline.firstSet[i]), whole(timeline.endSet[i] - 1),
          fixed(start[i], 6), fixed(took * 1e3, 3),
          timeline.merge[i] || isBad(i) || took === 0 ? '' : fixed(amountOf(i) / took / 1e9, 2),
          timeline.minorFaults[i] < 0 ? '' : whole(timeline.minorFaults[i]),
          timeline.majorFaults[i] < 0 ? '' : whole(timeline.majorFaults[i]), timeline.outcome[i]];
        const cells = row.filter((_, column) => isShown(heads[column]));
        cells.className = isBad(i) ? 'bad' : '';
        return cells;
      }),
      plural(rows.length, 'attempt') + (rows.length < count ? ' of ' + whole(count) : '')
        + (to - from < rows.length ? ', here ' + whole(from + 1) + ' to ' + whole(to) : ''));
  });

  $('filter').addEventListener('change', order);
  if (count === 0) {
    ['table-s', ...(hasAnswer && !progress ? ['timeline-s'] : [])].forEach(id => { $(id).hidden = true; });
  }
  if (kept) $('filter').value = kept.filter;
  order();
  draw();
  hintAtWidth(signal);

  const isView = other => view.from === other.from && view.to === other.to;
  return () => ({
    view: !isViewChosen ? undefined : isView(all) ? 'all' : isView(work) ? 'work' : view,
    chosen,
    filter: $('filter').value,
    causes: new Map([...document.querySelectorAll('#failures details[data-cause]')].map(box => [box.dataset.cause, box.open]))
  });
}
