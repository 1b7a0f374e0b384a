// Draws the page from the JSON in it, which docs/run.schema.json describes. Everything in there is somebody else's text:
// it goes through textContent, never into markup.
(() => {
  const doc = JSON.parse(document.getElementById('data').textContent);
  const answer = JSON.parse(document.getElementById('answer-text').textContent);
  const run = doc.run;
  const timeline = run.timeline;
  const workers = run.workers;
  const width = doc.data.count > 0 ? doc.data.bytes / doc.data.count : 1;
  const isText = doc.data.type === 'text';
  const $ = id => document.getElementById(id);

  const rate = (n, s) => s <= 0 ? '' : n / s < 1e8 && n > 0 ? fixed(n / s / 1e6, 1) + ' MB/s' : fixed(n / s / 1e9, 2) + ' GB/s';

  // ---- attempts, in columns of numbers

  const count = timeline.attempts;
  const start = Float64Array.from(timeline.startedMicros, t => t / 1e6);
  const end = Float64Array.from(timeline.endedMicros, t => t / 1e6);
  const attemptBytes = i => timeline.merge[i] ? 0 : (timeline.to[i] - timeline.from[i]) * width;
  const isRetry = i => timeline.attempt[i] > 1;
  const isBad = i => timeline.outcome[i] !== 'ok';
  const failureOf = i => run.failures.find(f => f.task === timeline.task[i] && f.attempt === timeline.attempt[i]
    && f.pid === workers[timeline.worker[i]].pid);

  /** Of each worker its attempts, in the order of time. */
  const lanes = workers.map(() => []);
  for (let i = 0; i < count; i++) lanes[timeline.worker[i]].push(i);
  lanes.forEach(lane => lane.sort((a, b) => start[a] - start[b]));

  function describe(i) {
    const worker = workers[timeline.worker[i]];
    const took = end[i] - start[i];
    const lines = [];
    const failure = isBad(i) && failureOf(i);
    lines.push('worker ' + worker.id + ', pid ' + worker.pid + (run.passes > 1 ? ', pass ' + timeline.run[i] : ''));
    if (isBad(i)) lines.push(failure ? failure.cause : timeline.outcome[i]);
    lines.push((isText ? 'bytes ' : 'elements ') + whole(timeline.from[i]) + ' to '
      + whole(Math.max(timeline.from[i], timeline.to[i] - 1))
      + (timeline.merge[i] ? '' : ', ' + bytes(attemptBytes(i))));
    if (timeline.endSet[i] - timeline.firstSet[i] > 1) {
      lines.push('parameter sets ' + whole(timeline.firstSet[i]) + ' to ' + whole(timeline.endSet[i] - 1));
    }
    lines.push(fixed(start[i], 6) + ' s to ' + fixed(end[i], 6) + ' s: ' + seconds(took)
      + (timeline.merge[i] || isBad(i) ? '' : ', ' + rate(attemptBytes(i), took)));
    if (timeline.minorFaults[i] >= 0) {
      lines.push(plural(timeline.minorFaults[i], 'minor fault') + ', ' + plural(timeline.majorFaults[i], 'major fault'));
    }
    const name = (timeline.merge[i] ? 'Merge ' : 'Task ') + timeline.task[i]
      + (timeline.attempt[i] > 1 ? ', attempt ' + timeline.attempt[i] : '')
      + (isBad(i) ? ': ' + (timeline.outcome[i] === 'died' ? 'its worker died' : 'it threw') : '');
    return { name, lines };
  }

  // ---- head

  const moments = run.moments;
  const workFrom = moments.firstTaskSeconds;
  const workTo = moments.lastPartialSeconds;
  const workTime = workFrom === undefined || workTo === undefined ? 0 : workTo - workFrom;
  const last = Math.max(0, ...Object.values(moments), ...workers.map(w => w.preparedSeconds || w.upSeconds || 0));
  const busy = workers.reduce((sum, w) => sum + w.busySeconds, 0);

  const title = doc.job.split('/').pop() + ' over ' + doc.data.path.split('/').pop();
  document.title = title + ' \u2013 Forkless run';
  $('badge').textContent = run.error !== undefined ? 'failed' : run.complete ? 'complete' : 'not complete';
  $('badge').classList.toggle('bad', !run.complete);
  $('title').textContent = title;
  const described = data => data.path + ': ' + whole(data.count) + ' '
    + (data.type === 'text' ? 'bytes of text' : data.type + ', ' + bytes(data.bytes));
  $('subtitle').textContent = [described(doc.data),
    ...(doc.with || []).map(data => 'with ' + data.name + ' = ' + described(data))].join('; ');
  if (run.error !== undefined) {
    $('error').textContent = run.error;
    $('error').hidden = false;
  }
  if (run.journalFailure !== undefined) {
    $('error').textContent += (run.error === undefined ? '' : '\n') + 'The journal is not whole: ' + run.journalFailure;
    $('error').hidden = false;
  }
  $('resumed').hidden = run.resumedBytes === 0;
  $('resumed').textContent = 'An earlier run had finished ' + plural(run.resumed, 'task') + ' and read ' + bytes(run.resumedBytes)
    + ': that was taken from the journal, and is not in the timeline.';
  const tiles = [
    ['start to answer', seconds(moments.printedSeconds || moments.completedSeconds || last)],
    ['the job alone', seconds(run.wallSeconds)],
    ['read', bytes(run.readBytes)],
    ['while working', rate(run.readBytes, workTime) || '\u2013'],
    ['workers', whole(run.procs)],
    ['tasks', whole(run.tasks)],
    ['retries', whole(run.retries)],
    ['failed attempts', whole(run.failed)]
  ];
  if (run.resumed > 0) tiles.splice(6, 0, ['tasks resumed', whole(run.resumed)]);
  tiles.forEach(([name, value]) => {
    const tile = element('div');
    tile.append(element('dt', '', name), element('dd', '', value));
    $('tiles').append(tile);
  });

  // ---- how much was read by when: a line of corners, for as many bytes as there are

  const corners = (() => {
    const scans = [];
    for (let i = 0; i < count; i++) if (!timeline.merge[i] && !isBad(i)) scans.push(i);
    const times = new Float64Array(scans.length * 2);
    const changes = new Float64Array(scans.length * 2);
    scans.forEach((i, at) => {
      const took = Math.max(1e-6, end[i] - start[i]);
      times[2 * at] = start[i];
      times[2 * at + 1] = start[i] + took;
      changes[2 * at] = attemptBytes(i) / took;
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
  let view = { ...(workTime < all.to / 4 ? work : all) };
  let chosen = -1;
  let drag = null;

  const laneHeight = Math.max(7, Math.min(30, Math.floor(420 / Math.max(1, workers.length))));
  const isLabelled = laneHeight >= 12;
  const top = 84; // the strip above the lanes
  const axis = 26;
  const cross = 9; // so far behind a worker's end its mark stands
  let left = 96;
  let size = { width: 0, height: 0 };
  const xOf = time => left + (time - view.from) / (view.to - view.from) * (size.width - left - 8);
  const timeOf = x => view.from + (x - left) / (size.width - left - 8) * (view.to - view.from);

  function colors() {
    const style = getComputedStyle(document.documentElement);
    const names = ['card', 'ink', 'soft', 'line', 'scan', 'scan2', 'retry', 'merge', 'bad', 'start', 'focus'];
    return Object.fromEntries(names.map(name => [name, style.getPropertyValue('--' + name).trim()]));
  }

  function colorOf(i, color) {
    if (isBad(i)) return color.bad;
    if (timeline.merge[i]) return color.merge;
    if (isRetry(i)) return color.retry;
    return timeline.task[i] % 2 ? color.scan2 : color.scan;
  }

  function draw() {
    const scale = window.devicePixelRatio || 1;
    size = { width: canvas.clientWidth, height: top + laneHeight * workers.length + axis };
    left = isLabelled ? (size.width < 560 ? 44 : 118) : 12;
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
    workers.forEach((worker, lane) => drawLane(worker, lane, color));
    if (drag && Math.abs(drag.to - drag.from) > 3) {
      pen.globalAlpha = 0.2;
      pen.fillStyle = color.focus;
      pen.fillRect(Math.min(drag.from, drag.to), 0, Math.abs(drag.to - drag.from), size.height - axis);
      pen.globalAlpha = 1;
    }
    if (chosen >= 0) {
      const x = xOf(start[chosen]);
      const y = top + timeline.worker[chosen] * laneHeight;
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

  function drawRate(color) {
    const step = 3;
    const speeds = [];
    for (let x = left; x < size.width - 8; x += step) {
      const from = timeOf(x);
      const to = timeOf(Math.min(x + step, size.width - 8));
      speeds.push((readBy(to) - readBy(from)) / (to - from));
    }
    const most = Math.max(...speeds, 1);
    const floor = top - 12;
    pen.beginPath();
    pen.moveTo(left, floor);
    speeds.forEach((speed, i) => {
      const y = floor - speed / most * (floor - 16);
      pen.lineTo(left + i * step, y);
      pen.lineTo(left + (i + 1) * step, y);
    });
    pen.lineTo(left + speeds.length * step, floor);
    pen.closePath();
    pen.globalAlpha = 0.35;
    pen.fillStyle = color.scan;
    pen.fill();
    pen.globalAlpha = 1;
    pen.fillStyle = color.line;
    pen.fillRect(left, floor, size.width - left - 8, 1);
    pen.fillStyle = color.soft;
    pen.textAlign = 'left';
    if (most > 1) pen.fillText('up to ' + rate(most, 1), left + 2, 8);
  }

  function drawLane(worker, lane, color) {
    const y = top + lane * laneHeight;
    const height = laneHeight - (laneHeight > 12 ? 4 : 1);
    if (isLabelled) {
      pen.fillStyle = color.ink;
      pen.textAlign = 'left';
      pen.fillText(left < 100 ? 'w ' + worker.id : 'worker ' + worker.id, 0, y + height / 2);
      if (left > 100) {
        pen.fillStyle = color.soft;
        pen.fillText(String(worker.pid), 62, y + height / 2);
      }
    }
    pen.save();
    pen.beginPath();
    pen.rect(left, 0, size.width - left - 8, size.height);
    pen.clip();
    const phases = [worker.startedSeconds, worker.upSeconds, worker.mappedSeconds, worker.preparedSeconds];
    for (let i = 0; i + 1 < phases.length; i++) {
      if (phases[i] === undefined || phases[i + 1] === undefined) continue;
      pen.globalAlpha = 1 - i * 0.28;
      pen.fillStyle = color.start;
      pen.fillRect(xOf(phases[i]), y + height * 0.25, Math.max(1, xOf(phases[i + 1]) - xOf(phases[i]) - 1), height * 0.5);
      pen.globalAlpha = 1;
    }
    const attempts = lanes[lane];
    // One attempt more on the left, which may reach into the view; those that fail are drawn over the others.
    let i = Math.max(0, firstAfter(attempts.length, k => start[attempts[k]], view.from) - 1);
    let drawnTo = -1;
    const bad = [];
    for (; i < attempts.length && start[attempts[i]] <= view.to; i++) {
      const it = attempts[i];
      if (isBad(it)) bad.push(it);
      const from = xOf(start[it]);
      const to = xOf(end[it]);
      if (to <= drawnTo && !isBad(it) && !isRetry(it)) continue; // that pixel has one
      pen.fillStyle = colorOf(it, color);
      pen.fillRect(from, y, Math.max(1, to - from - (to - from > 3 ? 1 : 0)), height);
      drawnTo = Math.ceil(to);
    }
    bad.forEach(it => {
      const to = xOf(end[it]);
      pen.fillStyle = color.bad;
      pen.fillRect(xOf(start[it]), y, Math.max(2, to - xOf(start[it])), height);
    });
    if (worker.end !== 'ok' && worker.endedSeconds !== undefined) {
      const x = xOf(worker.endedSeconds) + cross;
      const middle = y + height / 2;
      const r = Math.min(5, height / 2);
      pen.strokeStyle = color.bad;
      pen.lineWidth = 2;
      pen.beginPath();
      pen.moveTo(x - r, middle - r);
      pen.lineTo(x + r, middle + r);
      pen.moveTo(x + r, middle - r);
      pen.lineTo(x - r, middle + r);
      pen.stroke();
    }
    pen.restore();
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
    if (x < left || lane < 0 || lane >= workers.length) return -1;
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

  /** What a lane has at a point beside attempts: its worker's start, or its death; nothing elsewhere. */
  function lifeAt(x, y) {
    const lane = Math.floor((y - top) / laneHeight);
    if (x < left || lane < 0 || lane >= workers.length) return undefined;
    const worker = workers[lane];
    const name = 'worker ' + worker.id + ', pid ' + worker.pid;
    if (worker.end !== 'ok' && Math.abs(x - xOf(worker.endedSeconds) - cross) < 8) {
      return { name: name + ': died', lines: [worker.end, 'at ' + fixed(worker.endedSeconds, 3) + ' s'] };
    }
    const phases = [['its JVM starts', worker.startedSeconds, worker.upSeconds],
      ['it maps the dataset', worker.upSeconds, worker.mappedSeconds],
      ['it prepares the job, and waits for it', worker.mappedSeconds, worker.preparedSeconds]];
    const phase = phases.find(([, from, to]) => timeOf(x) >= from && timeOf(x) < to);
    return phase && { name: name + ': ' + phase[0], lines: [fixed(phase[1], 3) + ' s to ' + fixed(phase[2], 3) + ' s: '
      + seconds(phase[2] - phase[1])] };
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
      const time = timeOf(x);
      const half = (view.to - view.from) / (size.width - left) * 3;
      showTip(fixed(time, 3) + ' s', [rate(readBy(time + half) - readBy(time - half), 2 * half),
        bytes(readBy(time)) + ' read by then'], x, y);
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
    const lane = chosen < 0 ? lanes.findIndex(attempts => attempts.length > 0) : timeline.worker[chosen];
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
  new ResizeObserver(drawSoon).observe(canvas.parentElement);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawSoon);
  addEventListener('beforeprint', draw);

  const kinds = [['scan', 'task'], ['retry', 'tried again'], ['merge', 'merge'], ['bad', 'failed; \u2715 where a worker died'],
    ['start', 'worker starts, maps, prepares']];
  kinds.forEach(([color, text]) => {
    const item = element('span');
    const box = element('i');
    box.style.background = 'var(--' + color + ')';
    item.append(box, text);
    $('legend').append(item);
  });
  if (timeline.notKept > 0) {
    $('legend').append(element('span', 'error', plural(timeline.notKept, 'attempt') + ' more are not shown: there was no room'));
  }

  // ---- how the work fell

  function track(from, to, whole_, className) {
    const box = element('span', 'track');
    const bar = element('span', 'bar' + (className ? ' ' + className : ''));
    bar.style.left = 100 * from / whole_ + '%';
    bar.style.width = 100 * Math.max(0, to - from) / whole_ + '%';
    box.append(bar);
    return box;
  }

  const busiest = Math.max(1e-9, ...workers.map(w => w.busySeconds));
  const readOf = lanes.map(lane => lane.reduce((sum, i) => sum + (isBad(i) ? 0 : attemptBytes(i)), 0));
  const known = value => value === undefined ? '' : whole(value);
  fill($('workers'),
    ['worker', 'pid', 'tasks', 'read', 'busy', ' ', 'minor faults', 'major faults', 'own memory', ' end'],
    workers.map((w, i) => [w.id, w.pid, whole(w.tasks), bytes(readOf[i]), seconds(w.busySeconds),
      track(0, w.busySeconds, busiest), known(w.minorFaults), known(w.majorFaults),
      w.ownBytes === undefined ? '' : bytes(w.ownBytes), w.end === 'ok' ? w.end : element('span', 'error', w.end)]));
  const atEnd = workers.filter(w => w.endedSeconds === undefined);
  $('evenness').textContent = workTime > 0 && atEnd.length > 0
    ? 'Between the first task and the last partial, ' + seconds(workTime) + ', the workers were at work '
      + fixed(100 * Math.min(1, busy / (run.procs * workTime)), 0) + ' % of the time: the busiest ' + seconds(busiest)
      + ', the least busy ' + seconds(Math.min(...atEnd.map(w => w.busySeconds)))
      + '. Page faults are those of a worker\u2019s whole life; those of each attempt are in the table below.'
    : '';

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
    ['first task to last partial', workFrom, workTo],
    ['merged and proved complete', workTo, moments.completedSeconds],
    ['printed', moments.completedSeconds, moments.printedSeconds]
  ].filter(([, from, to]) => Number.isFinite(from) && Number.isFinite(to) && to >= from);
  const until = Math.max(1e-9, ...phases.map(([, , to]) => to));
  fill($('moments'), [' phase', 'from', 'to', 'took', ' '], phases.map(([name, from, to, className]) =>
    [name, fixed(from, 3), fixed(to, 3), seconds(to - from), track(from, to, until, className)]));

  // ---- memory

  const measured = workers.filter(w => w.ownBytes !== undefined);
  if (measured.length === 0) {
    $('memory-text').textContent = 'No worker was left to be looked at.';
  } else {
    const shared = measured.reduce((sum, w) => sum + w.dataPssBytes, 0);
    const own = measured.reduce((sum, w) => sum + w.ownBytes, 0);
    const copies = run.procs * doc.data.bytes;
    const most = Math.max(own + shared, own + copies);
    $('memory-text').textContent = 'What the workers hold at the end, each page counted once, beside what it would be if '
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
    bar('with ' + plural(run.procs, 'copy').replace('copys', 'copies'), own + copies,
      [['copies', copies, 'copies of the dataset'], ['own', own, 'workers, their own']]);
    const table = element('table');
    fill(table, [' ', 'bytes'], [
      ['dataset, once for all workers', whole(shared)],
      ...measured.map(w => ['worker ' + w.id + ', its own', whole(w.ownBytes)]),
      [plural(run.procs, 'copy').replace('copys', 'copies') + ' of the dataset', whole(copies)]]);
    const wide = element('div', 'wide');
    wide.append(table);
    $('memory').append(wide);
    const legend = element('p', 'legend');
    [['shared', 'dataset, shared'], ['own', 'workers\u2019 own'], ['copies', 'copies that are not there']].forEach(([color, text]) => {
      const item = element('span');
      const box = element('i');
      box.style.background = 'var(--' + color + ')';
      item.append(box, text);
      legend.append(item);
    });
    $('memory').append(legend);
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

  // ---- failures, and what is left out

  const range = ([from, to]) => (isText ? 'bytes ' : 'elements ') + whole(from) + ' to ' + whole(Math.max(from, to - 1));
  const shown = run.failures.slice(0, 100);
  $('failures-s').hidden = shown.length === 0;
  shown.forEach(failure => {
    const box = element('div', 'failure');
    box.append(element('h3', '', (failure.task < 0 ? 'Preparing the job' : 'Task ' + failure.task + ', attempt ' + failure.attempt)
      + ', pid ' + failure.pid + ': ' + failure.cause));
    const facts = [range(failure.slice)];
    if (failure.exitCode !== undefined) facts.push('exit code ' + failure.exitCode);
    if (failure.crashLog !== undefined) facts.push('crash log ' + failure.crashLog);
    box.append(element('p', 'muted', facts.join('; ')));
    const words = failure.trace || failure.lastWords.join('\n');
    if (words) {
      const text = element('pre', '', words);
      text.tabIndex = 0;
      box.append(text);
    }
    $('failures').append(box);
  });
  if (run.failed > shown.length) {
    $('failures').append(element('p', 'muted', 'and ' + whole(run.failed - shown.length) + ' more'));
  }
  $('left-s').hidden = run.leftOut.length === 0;
  fill($('left'), [' range', ' parameter sets', ' cause'], run.leftOut.map(part =>
    [range(part.slice), whole(part.parameterSets[0]) + ' to ' + whole(part.parameterSets[1] - 1), part.cause]));

  // ---- answer, and the run itself

  $('answer-s').hidden = answer === '';
  $('answer').textContent = answer;
  const quoted = text => /^[\w@%+=:,.\/-]+$/.test(text) ? text : "'" + text.replaceAll("'", "'\\''") + "'";
  const environment = run.environment;
  $('command').textContent = 'cd ' + quoted(environment.folder) + '\n'
    + Object.entries(environment.variables).map(([name, value]) => name + '=' + quoted(value) + ' ').join('')
    + environment.command.map(quoted).join(' ');
  fill($('environment'), [' ', ' '], [
    ['Forkless', environment.forkless], ['Java', environment.java], ['system', environment.system],
    ['processors', whole(environment.processors)], ['memory', bytes(environment.memoryBytes)]]);

  // ---- every attempt, a page at a time

  const pageSize = 50;
  const hasSets = timeline.endSet.some(set => set > 1);
  let rows = [];
  let page = 0;

  function order() {
    rows = Array.from({ length: count }, (_, i) => i);
    const kind = $('filter').value;
    if (kind === 'failed') rows = rows.filter(i => isBad(i) || isRetry(i));
    rows.sort(kind === 'slow' ? (a, b) => end[b] - start[b] - end[a] + start[a] : (a, b) => start[a] - start[b]);
    page = 0;
    showPage();
  }

  function showPage() {
    const pages = Math.max(1, Math.ceil(rows.length / pageSize));
    page = Math.max(0, Math.min(page, pages - 1));
    $('page').textContent = whole(page + 1) + ' of ' + whole(pages);
    ['page-first', 'page-before'].forEach(id => { $(id).disabled = page === 0; });
    ['page-after', 'page-last'].forEach(id => { $(id).disabled = page === pages - 1; });
    const heads = ['task', 'pass', 'attempt', 'worker', 'pid', 'from', 'to', 'first set', 'last set', 'start, s', 'took, ms',
      'GB/s', 'minor faults', 'major faults', ' outcome'];
    const isShown = head => head === 'pass' ? run.passes > 1 : head.endsWith(' set') ? hasSets : true;
    fill($('attempts'),
      heads.filter(isShown),
      rows.slice(page * pageSize, (page + 1) * pageSize).map(i => {
        const worker = workers[timeline.worker[i]];
        const took = end[i] - start[i];
        const row = [(timeline.merge[i] ? 'merge ' : '') + timeline.task[i], timeline.run[i], timeline.attempt[i], worker.id,
          worker.pid, whole(timeline.from[i]), whole(timeline.to[i]), whole(timeline.firstSet[i]), whole(timeline.endSet[i] - 1),
          fixed(start[i], 6), fixed(took * 1e3, 3),
          timeline.merge[i] || isBad(i) || took === 0 ? '' : fixed(attemptBytes(i) / took / 1e9, 2),
          timeline.minorFaults[i] < 0 ? '' : whole(timeline.minorFaults[i]),
          timeline.majorFaults[i] < 0 ? '' : whole(timeline.majorFaults[i]), timeline.outcome[i]];
        const cells = row.filter((_, column) => isShown(heads[column]));
        cells.className = isBad(i) ? 'bad' : '';
        return cells;
      }),
      plural(rows.length, 'attempt') + (rows.length < count ? ' of ' + whole(count) : '')
        + (pages > 1 ? ', here ' + whole(page * pageSize + 1) + ' to ' + whole(Math.min(rows.length, (page + 1) * pageSize)) : ''));
  }

  $('filter').addEventListener('change', order);
  $('page-first').addEventListener('click', () => { page = 0; showPage(); });
  $('page-before').addEventListener('click', () => { page--; showPage(); });
  $('page-after').addEventListener('click', () => { page++; showPage(); });
  $('page-last').addEventListener('click', () => { page = Infinity; showPage(); });
  order();
  draw();
  document.documentElement.dataset.drawn = 'yes';
})();
