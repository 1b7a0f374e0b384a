// Draws the page from the JSON in it, which docs/lab.md describes.
(() => {
  const lab = JSON.parse(document.getElementById('data').textContent);
  const $ = id => document.getElementById(id);

  // ---- words

  function cost(nanos) {
    if (nanos < 1000) return fixed(nanos, nanos < 10 ? 2 : 0) + ' ns';
    return fixed(nanos / 1e3, 1) + ' \u00b5s';
  }

  const times = factor => factor === undefined ? '' : factor < 0.095 ? '1/' + whole(1 / factor) : fixed(factor, 2) + '\u00d7';
  const portion = row => row.elements > 0 && !row.whole;
  const seriesName = row => row.kernel + ', ' + (row.arrangement === 'shared' ? 'one scan each' : 'shared scan');

  function explain(list, entries) {
    const seen = new Set();
    entries.filter(([name]) => !seen.has(name) && seen.add(name)).forEach(([name, text]) => {
      list.append(element('dt', '', name), element('dd', '', text));
    });
  }

  // ---- drawing

  /**
   * Horizontal bars, two or more for each name.
   *
   * @param groups {name, bars: [{kind, value, text}]}
   * @param scale {to, ticks: [[value, text]], line}
   */
  function bars(place, groups, scale, title) {
    const width = place.clientWidth;
    const left = Math.min(140, 12 + 7 * Math.max(...groups.map(group => group.name.length)));
    const right = 76;
    const thick = 13;
    const gap = 11;
    const x = value => left + value / scale.to * (width - left - right);
    const height = groups.reduce((sum, group) => sum + group.bars.length * (thick + 2) + gap, 0) + 24;
    const made = picture(place, width, height, title);
    axis(made, scale.ticks, x, height);
    let y = gap / 2;
    groups.forEach(group => {
      const middle = y + group.bars.length * (thick + 2) / 2;
      made.append(svg('text', { x: left - 8, y: middle + 3, 'text-anchor': 'end' }, group.name));
      group.bars.forEach(bar => {
        const to = Math.max(left + 1, x(bar.value));
        const mark = svg('rect', { class: 'mark ' + bar.kind, x: left, y, width: to - left, height: thick, rx: 2 });
        made.append(marked(mark, group.name, bar), svg('text', { x: to + 6, y: y + thick - 2 }, bar.text));
        y += thick + 2;
      });
      y += gap;
    });
    made.append(svg('line', { class: 'one-copy', x1: x(scale.line), x2: x(scale.line), y1: 0, y2: height - 20 }));
  }

  function marked(mark, name, { value, text }) {
    mark.dataset.name = name;
    mark.dataset.value = value;
    mark.append(svg('title', {}, name + ': ' + text));
    return mark;
  }

  function axis(made, ticks, x, height) {
    let free = -Infinity;
    ticks.forEach(([value, text]) => {
      made.append(svg('line', { class: 'grid', x1: x(value), x2: x(value), y1: 0, y2: height - 20 }));
      if (x(value) - free > 4 * text.length) { // half of it lies on either side
        made.append(svg('text', { class: 'axis', x: x(value), y: height - 5, 'text-anchor': 'middle' }, text));
        free = x(value) + 4 * text.length;
      }
    });
  }

  /**
   * What a name means, the name, and a dot for each value of it. From 0 in equal steps: twice as far is twice as much.
   *
   * @param rows {name, meaning, dots: [{kind, value, text}]}; without a value there is only the text
   * @param scale {to, ticks: [[value, text]]}
   */
  function dots(place, rows, scale, title) {
    const width = place.clientWidth;
    const [left, right, lane] = [18, 76, 16]; // half of the axis's "0 ms" is left of its line
    const x = value => left + value / scale.to * (width - left - right);
    place.replaceChildren();
    rows.forEach((row, i) => {
      const label = element('p', 'dots', row.meaning.replace(/\.$/, '') + ': ');
      label.append(element('b', '', row.name));
      const height = row.dots.length * lane + 6 + 20;
      const isLast = i === rows.length - 1;
      const made = svg('svg', {
        viewBox: '0 0 ' + width + ' ' + (isLast ? height : height - 20), role: 'img', 'aria-label': title + ', ' + row.name,
      });
      axis(made, isLast ? scale.ticks : scale.ticks.map(([value]) => [value, '']), x, height);
      row.dots.forEach((dot, at) => {
        const y = at * lane + lane / 2 + 3;
        const to = dot.value === undefined ? left - 6 : x(dot.value);
        if (dot.value !== undefined) {
          made.append(svg('line', { class: 'grid', x1: left, x2: to, y1: y, y2: y }));
          made.append(marked(svg('circle', { class: 'mark ' + dot.kind, cx: to, cy: y, r: 5 }), row.name, dot));
        }
        made.append(svg('text', { class: dot.value === undefined ? 'dead' : '', x: to + 10, y: y + 4 }, dot.text));
      });
      place.append(label, made);
    });
  }

  /** Round steps from 0 to a little beyond the largest. */
  function steps(largest, units, text) {
    const rough = largest / 4;
    const step = units.find(unit => unit >= rough) || units[units.length - 1];
    const ticks = [];
    for (let value = 0; value < largest + step; value += step) ticks.push([value, text(value)]);
    return { to: ticks[ticks.length - 1][0], ticks };
  }

  /**
   * A line through the points of each series.
   *
   * @param series {name, points: [{x, y, name, text}]}
   * @param across {from, to, ticks: [[x, text]], title}
   * @param up {to, ticks: [[y, text]]}
   * @param ideal the points [x, y] of what cannot be surpassed
   */
  function curves(place, series, across, up, ideal, title) {
    const width = place.clientWidth;
    const height = Math.max(240, Math.min(380, width * 0.5));
    const left = Math.max(40, 12 + 7 * Math.max(...up.ticks.map(([, text]) => text.length)));
    const [right, top, bottom] = [14, 10, 38];
    const length = Math.max(1, across.to - across.from);
    const x = value => left + (value - across.from) / length * (width - left - right);
    const y = value => height - bottom - value / up.to * (height - top - bottom);
    const path = points => points.map(([at, value]) => x(at) + ',' + y(value)).join(' ');
    const made = picture(place, width, height, title);
    up.ticks.forEach(([value, text]) => {
      made.append(svg('line', { class: 'grid', x1: left, x2: width - right, y1: y(value), y2: y(value) }));
      made.append(svg('text', { class: 'axis', x: left - 10, y: y(value) + 4, 'text-anchor': 'end' }, text));
    });
    across.ticks.forEach(([value, text]) => {
      made.append(svg('text', { class: 'axis', x: x(value), y: height - bottom + 17, 'text-anchor': 'middle' }, text));
    });
    made.append(svg('text', { class: 'axis', x: (left + width - right) / 2, y: height - 5, 'text-anchor': 'middle' }, across.title));
    made.append(svg('polyline', { class: 'ideal', points: path(ideal) }));
    series.forEach((one, i) => {
      made.append(svg('polyline', { class: 'series series' + i, points: path(one.points.map(point => [point.x, point.y])) }));
      one.points.forEach(point => {
        const mark = svg('circle', { class: 'mark series' + i, cx: x(point.x), cy: y(point.y), r: 4 });
        made.append(marked(mark, point.name, { value: point.y, text: point.text }));
      });
    });
  }

  function legend(place, names) {
    names.forEach(([kind, name]) => {
      const item = element('span');
      item.append(element('i', 'key ' + kind), name);
      place.append(item);
    });
  }

  // ---- the experiments: what does not depend on the window, and what does

  const drawings = [];

  function share(sharing) {
    $('sharing').hidden = false;
    const rows = sharing.arrangements;
    $('sharing-text').textContent = plural(sharing.jobs, 'job') + ', each of which reads all of '
      + plural(sharing.elements, 'integer') + ' (' + bytes(sharing.bytes) + ') and makes a checksum of them with a multiplier of its'
      + ' own, with ' + plural(sharing.procs, 'worker') + ' or ' + plural(sharing.procs, 'thread')
      + '. Every arrangement has given the same answers.';
    $('break-even').textContent = sharing.breakEven === undefined ? '' : sharing.breakEven.sentence;
    const read = rows.filter(row => row.speedUp !== undefined);
    if (read.length > 0) {
      drawings.push(() => dots($('speeds'), read.map(row => ({
        name: row.arrangement + (portion(row) ? ' *' : ''),
        meaning: row.meaning,
        dots: [{ kind: 'speed', value: row.speedUp, text: times(row.speedUp) }],
      })), steps(Math.max(1, ...read.map(row => row.speedUp)), [0.5, 1, 2, 5, 10, 20, 50, 100], n => fixed(n, n % 1 ? 1 : 0) + '\u00d7'),
      'How many times as fast as one thread'));
    }
    const mebi = 1 << 20;
    drawings.push(() => bars($('memory'), rows.map(row => ({
      name: row.arrangement + (portion(row) ? ' *' : ''),
      bars: [
        { kind: 'pss', value: row.pssBytes, text: bytes(row.pssBytes) },
        { kind: 'rss', value: row.rssBytes, text: bytes(row.rssBytes) },
      ],
    })), {
      ...steps(Math.max(...rows.map(row => row.rssBytes), sharing.bytes),
        [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000].map(n => n * mebi), n => whole(n / mebi) + ' MiB'),
      line: sharing.bytes,
    }, 'Memory of all processes'));
    fill($('sharing-table'),
      [' arrangement', 'start', 'work', 'first result', 'CPU', 'piped', 'processes', 'PSS', 'sum of RSS', 'speed-up', 'an element'],
      rows.map(row => [
        row.arrangement + (portion(row) ? ' *' : ''),
        seconds(row.startSeconds), seconds(row.workSeconds), seconds(row.firstResultSeconds), seconds(row.cpuSeconds),
        bytes(row.pipedBytes),
        whole(row.processes), bytes(row.pssBytes), bytes(row.rssBytes), times(row.speedUp),
        row.nanosPerElement === undefined ? '' : cost(row.nanosPerElement),
      ]));
    $('sharing-notes').textContent = rows.filter(portion).map(row => '* ' + row.arrangement + ': measured on '
      + plural(row.jobs, 'job') + ' of ' + plural(row.elements, 'element') + '; its times, bytes and CPU are those of that'
      + ' portion, and its speed-up is that of an element.').join(' ');
    explain($('arrangements'), rows.map(row => [row.arrangement, row.explanation]));
  }

  function scale(scaling) {
    $('scaling').hidden = false;
    const rows = scaling.arrangements;
    $('scaling-text').textContent = 'Jobs that each read all of ' + plural(scaling.elements, 'integer') + ' ('
      + bytes(scaling.bytes) + '). How many times as fast as with one worker, on '
      + plural(lab.machine.processors, 'processor') + ':';
    const names = [...new Set(rows.map(seriesName))];
    legend($('scaling-legend'), [...names.map((name, i) => ['series' + i, name]), ['ideal', 'ideal']]);
    if (rows.length > 0) {
      const series = names.map(name => ({
        name,
        points: rows.filter(row => seriesName(row) === name && row.speedUp !== undefined).map(row => ({
          x: row.procs,
          y: row.speedUp,
          name: name + ', ' + row.procs,
          text: times(row.speedUp),
        })),
      }));
      const points = series.flatMap(one => one.points);
      const most = Math.max(...points.map(point => point.x));
      const processors = Math.min(most, lab.machine.processors);
      const fastest = Math.max(processors, ...points.map(point => point.y));
      const factors = [];
      for (let factor = 0; factor <= fastest; factor += Math.max(1, Math.ceil(fastest / 8))) factors.push([factor, factor + '\u00d7']);
      drawings.push(() => curves($('speed-up'), series,
        { from: 1, to: most, ticks: [...new Set(points.map(point => point.x))].map(procs => [procs, procs]), title: 'workers' },
        { to: fastest, ticks: factors },
        [[1, 1], [processors, processors], [most, processors]], 'Speed-up with more workers'));
    }
    fill($('scaling-table'), [' kind', 'jobs', 'workers', 'start', 'work', 'first result', 'CPU', 'speed-up', 'efficiency'],
      rows.map(row => [
        seriesName(row), whole(row.jobs), whole(row.procs), seconds(row.startSeconds), seconds(row.workSeconds),
        seconds(row.firstResultSeconds), seconds(row.cpuSeconds),
        times(row.speedUp), row.efficiency === undefined ? '' : whole(100 * row.efficiency) + ' %',
      ]));
  }

  function isolate(isolation) {
    $('isolation').hidden = false;
    const rows = isolation.consequences;
    $('isolation-text').textContent = 'One job misbehaves, once as one of ' + plural(isolation.procs, 'thread')
      + ' of one JVM, and once in one of ' + whole(isolation.procs) + ' worker processes'
      + '; each JVM has a heap of ' + bytes(isolation.heapBytes) + '.';
    const names = [...new Set(rows.map(row => row.misbehaviour))];
    const living = rows.filter(row => row.longestPauseSeconds !== undefined);
    if (living.length > 0) {
      const millis = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000];
      drawings.push(() => dots($('pauses'), names.map(name => ({
        name,
        meaning: rows.find(row => row.misbehaviour === name).explanation,
        dots: rows.filter(row => row.misbehaviour === name).map(row => ({
          kind: row.among,
          value: row.longestPauseSeconds,
          text: row.longestPauseSeconds === undefined ? 'dead' : seconds(row.longestPauseSeconds),
        })),
      })), steps(Math.max(...living.map(row => row.longestPauseSeconds)), millis.map(n => n / 1000), n => whole(n * 1000) + ' ms'),
      'Longest pause of a neighbour'));
    }
    fill($('isolation-table'),
      [' misbehaviour', ' among', ' the program', 'results kept', 'all work again after', 'longest pause', ' the job that misbehaved'],
      rows.map(row => {
        const cells = [
          row.misbehaviour, row.among, row.survived ? 'lived on' : 'died', whole(row.kept) + ' of ' + whole(row.results),
          row.recoverySeconds !== undefined ? seconds(row.recoverySeconds) : row.needsRecovery ? 'never' : '',
          row.longestPauseSeconds === undefined ? 'dead' : seconds(row.longestPauseSeconds), row.culprit,
        ];
        if (!row.survived || row.kept < row.results) cells.className = 'bad';
        return cells;
      }));
  }

  function repeat(again) {
    $('again').hidden = false;
    const rows = again.repetitions;
    $('again-text').textContent = '"' + again.command + '", ' + plural(again.times, 'time') + ', one after another, where the data are '
      + plural(again.elements, 'integer') + ' (' + bytes(again.bytes) + '). All answers were the same.';
    legend($('again-legend'), rows.map((row, i) => ['series' + i, row.by + ': ' + row.meaning]));
    const series = rows.map(row => {
      let sum = row.startSeconds;
      return {
        name: row.by,
        points: [0, ...row.seconds].map((time, run) => {
          sum += time;
          return { x: run, y: sum, name: row.by + ', ' + run, text: seconds(sum) + ', ' + seconds(time) + ' of it for this one' };
        }),
      };
    });
    const every = Math.max(1, Math.ceil(again.times / 10));
    const runs = [];
    for (let run = 0; run <= again.times; run += every) runs.push([run, whole(run)]);
    const largest = Math.max(...series.map(one => one.points[again.times].y));
    drawings.push(() => curves($('answers'), series,
      { from: 0, to: again.times, ticks: runs, title: 'answers' },
      steps(largest, [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000], n => fixed(n, n % 1 ? 1 : 0) + ' s'),
      [], 'Seconds until so many answers'));
    fill($('again-table'), [' coordinator', 'start', 'first', 'median', 'last', 'all', 'CPU', 'PSS, waiting', 'speed-up'],
      rows.map(row => [
        row.by, row.startSeconds > 0 ? seconds(row.startSeconds) : '', seconds(row.seconds[0]), seconds(row.medianSeconds),
        seconds(row.seconds[row.seconds.length - 1]), seconds(row.allSeconds), seconds(row.cpuSeconds),
        row.waitingPssBytes > 0 ? bytes(row.waitingPssBytes) : '', times(row.speedUp),
      ]));
  }

  const machine = lab.machine;
  $('badge').textContent = lab.complete ? 'complete' : 'stopped before the end';
  $('badge').classList.toggle('bad', !lab.complete);
  $('machine').textContent = [
    plural(machine.processors, 'processor') + (machine.model ? ' (' + machine.model + ')' : ''),
    machine.memoryBytes > 0 ? bytes(machine.memoryBytes) : '', machine.system, 'Java ' + machine.java,
  ].filter(text => text).join(', ');
  $('verdict').textContent = lab.verdict;
  $('warnings').hidden = lab.warnings.length === 0;
  $('warnings').append(...lab.warnings.map(text => element('li', '', 'Warning: ' + text)));
  if (lab.sharing && lab.sharing.arrangements.length > 0) share(lab.sharing);
  if (lab.scaling && lab.scaling.arrangements.length > 0) scale(lab.scaling);
  if (lab.isolation && lab.isolation.consequences.length > 0) isolate(lab.isolation);
  if (lab.again && lab.again.repetitions.length > 0) repeat(lab.again);

  const told = ['sharing', 'scaling', 'isolation', 'again'].filter(name => !$(name).hidden);
  if (told.length === 1) { // the page is about this experiment alone
    const heading = $(told[0] + '-h');
    document.querySelector('h1').textContent = heading.textContent;
    document.title = heading.textContent + ' \u2013 Forkless lab';
    heading.hidden = true;
  }

  const draw = () => drawings.forEach(drawing => drawing());
  draw();
  addEventListener('resize', draw);
  addEventListener('beforeprint', draw);
  hintAtWidth();
  document.documentElement.dataset.drawn = 'yes';
})();
