/**
 * Shows the answer: a value or a record at the head of the page, anything else as a table; of a sweep, a picture, too.
 *
 * @param table {names, parameters, count, rows}: the names of the columns, the first of which are those of so many
 *   parameters; how many rows there are, and the first ones, as texts; null if there is no answer
 * @param text what was printed, or its beginning
 * @param run of a function, if it has parameters
 */
function showAnswer(table, text, run) {
  const $ = id => document.getElementById(id);
  $('answer').textContent = text;
  const headline = $('headline');
  const lacks = new Set();
  run.leftOut.filter(part => part.failed).forEach(part => {
    for (let set = part.parameterSets[0]; set < part.parameterSets[1]; set++) lacks.add(set);
  });
  const isSweep = table !== null && table.parameters > 0;
  const oneSet = run.parameters === undefined ? 'parameter set' : 'parameter';
  if (table === null && run.error === undefined && run.parameters !== undefined) {
    headline.append(element('p', '', plural(run.parameters, oneSet)),
      element('div', 'muted', run.parameters === 0 ? '' : 'The program took the results as they came; they are not kept.'));
    return;
  }
  if (table === null || !isSweep && lacks.size > 0) {
    headline.append(element('p', 'error', 'No answer'));
    return;
  }
  const { names, rows } = table;
  if (!isSweep && table.count === 0 || rows.length === 1 && rows[0].length === 1 && rows[0][0] === '') {
    headline.append(element('p', 'muted', 'empty'));
    return;
  }
  const isWhole = rows.length === table.count;
  const isShort = rows.length === 1 && rows[0].every(cell => cell === null || cell.length <= 24 && !/[\n[{]/.test(cell));
  if (!isSweep && table.count === 1 && isShort) {
    showLarge();
    return;
  }
  $('answer-s').hidden = false;
  $('answer-d').open = rows.length < 2;
  if (isSweep) {
    headline.append(element('p', '', plural(table.count, oneSet)
      + (lacks.size > 0 ? ', ' + whole(lacks.size) + ' without an answer' : '')));
  }

  // ---- one value, or one record

  function showLarge() {
    if (names.length === 1) {
      const line = element('p');
      line.append(grouped(rows[0][0]));
      headline.append(line);
      return;
    }
    const list = element('dl');
    names.forEach((name, column) => {
      const item = element('div');
      const value = element('dd');
      value.append(grouped(rows[0][column]));
      item.append(element('dt', '', name), value);
      list.append(item);
    });
    headline.append(list);
  }

  /** A number's digits in groups of three; the gaps are not there when it is copied. */
  function grouped(cell) {
    if (cell === null) return 'none'; // as it is printed
    const parts = /^(-?)(\d{5,})(\.\d+)?$/.exec(cell);
    if (!parts) return cell;
    const made = element('span', 'digits', parts[1]);
    parts[2].match(/\d{1,3}(?=(\d{3})*$)/g).forEach(group => made.append(element('span', '', group)));
    made.append(parts[3] || '');
    return made;
  }

  // ---- columns

  /** What a cell says as a number; NaN if it says none. */
  const figure = cell => cell !== null && /^[-+]?\.?\d/.test(cell) ? Number(cell) : NaN;
  const columns = names.map((name, column) => {
    const isOf = row => column < table.parameters || !lacks.has(row);
    const figures = rows.map((cells, row) => isOf(row) ? figure(cells[column]) : NaN);
    const nothing = [null, 'none', 'NaN', 'Infinity', '-Infinity'];
    return {
      name,
      figures,
      isNumeric: figures.some(Number.isFinite)
        && rows.every((cells, row) => Number.isFinite(figures[row]) || !isOf(row) || nothing.includes(cells[column])),
      varies: rows.some(cells => cells[column] !== rows[0][column])
    };
  });
  const swept = columns.slice(0, table.parameters).map((_, column) => column).filter(column => columns[column].varies);
  const measures = columns.map((_, column) => column)
    .filter(column => column >= table.parameters && columns[column].isNumeric);
  const setOf = row => (swept.length > 0 ? swept : names.slice(0, table.parameters).map((_, column) => column))
    .map(column => names[column] + '=' + rows[row][column]).join(', ');

  let measure = measures.find(column => columns[column].varies) ?? measures[0];
  let highest = -1;
  let lowest = -1;
  if (isSweep && measures.length > 0) {
    const choice = $('component');
    measures.forEach(column => {
      const option = element('option', '', names[column]);
      option.value = column;
      option.selected = column === measure;
      choice.append(option);
    });
    $('component-l').hidden = measures.length < 2;
    choice.addEventListener('change', () => choose(Number(choice.value)));
  }

  function choose(column) {
    measure = column;
    highest = -1;
    lowest = -1;
    const { figures } = columns[column];
    figures.forEach((value, row) => {
      if (!Number.isFinite(value)) return;
      if (highest < 0 || value > figures[highest]) highest = row;
      if (lowest < 0 || value < figures[lowest]) lowest = row;
    });
    const others = row => figures.filter(value => value === figures[row]).length - 1;
    const extreme = (mark, word, row) => element('span', '', mark + ' ' + word + ' ' + names[column] + ': '
      + rows[row][column] + ' at ' + setOf(row) + (others(row) > 0 ? ', and at ' + whole(others(row)) + ' more' : ''));
    if (figures[highest] === figures[lowest]) {
      lowest = highest = -1;
      $('extremes').replaceChildren(element('span', '', names[column] + ' is the same everywhere.'));
    } else {
      $('extremes').replaceChildren(extreme('\u25b2', 'highest', highest), extreme('\u25bc', 'lowest', lowest));
    }
    draw();
    show();
  }

  // ---- a picture: a line over one parameter, a map of two

  const place = $('picture');
  const isLine = swept.length === 1 && columns[swept[0]].isNumeric;
  const isMap = swept.length === 2 && rows.length <= 20000;
  const hasPicture = isSweep && isWhole && measures.length > 0 && (isLine || isMap);
  place.hidden = !hasPicture;

  function draw() {
    if (!hasPicture || place.clientWidth === 0) return;
    $('picture-legend').replaceChildren();
    if (isLine) drawLine();
    else drawMap();
    $('picture-legend').append(...(highest < 0 ? [] : [key('\u25b2', 'highest'), key('\u25bc', 'lowest')]));
    if (columns[measure].figures.some(value => !Number.isFinite(value))) {
      $('picture-legend').append(key('\u2715', 'no number'));
    }
  }

  /** Round values between two, not more than so many. */
  function ticks(from, to, most) {
    const rough = (to - from) / Math.max(1, most);
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map(k => k * power).find(k => k >= rough * (1 - 1e-9));
    const found = [];
    for (let k = Math.ceil(from / step - 1e-9); k * step <= to + step * 1e-9; k++) found.push(k * step);
    return { step, found };
  }

  /** A number as short as it can be told from others that are so far away. */
  function short(value, step) {
    const size = Math.abs(value);
    const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    if (size < 1e6 && digits <= 6) return fixed(value + 0, digits);
    return value.toLocaleString('en', {
      notation: size >= 1e6 && size < 1e15 ? 'compact' : 'scientific',
      maximumSignificantDigits: Math.max(1, Math.min(12, Math.ceil(Math.log10(size / step)) + 1))
    });
  }

  /** What lies between the least and the greatest of some numbers; around it, where they are one. */
  function extent(figures) {
    const numbers = figures.filter(Number.isFinite);
    const from = numbers.reduce((a, b) => Math.min(a, b));
    const to = numbers.reduce((a, b) => Math.max(a, b));
    const room = to > from ? 0 : Math.abs(from) / 10 || 1;
    return { from: from - room, to: to + room };
  }

  function mark(made, x, y, row) {
    if (row !== highest && row !== lowest) return;
    const isUp = row === highest;
    const at = y + (isUp ? -7 : 7);
    made.append(svg('path', {
      class: isUp ? 'highest' : 'lowest',
      d: 'M' + (x - 6) + ' ' + at + 'h12l-6 ' + (isUp ? -10 : 10) + 'z'
    }));
  }

  function drawLine() {
    const { figures } = columns[measure];
    const across = columns[swept[0]].figures;
    const order = [...across.keys()].sort((a, b) => across[a] - across[b]);
    const [width, height, right, top, bottom] = [place.clientWidth, 290, 26, 36, 42];
    const xs = extent(across);
    const ys = extent(figures);
    const yTicks = ticks(ys.from, ys.to, 8);
    const yTexts = yTicks.found.map(tick => short(tick, yTicks.step));
    const left = 16 + 7 * Math.max(...yTexts.map(word => word.length));
    const x = value => left + (value - xs.from) / (xs.to - xs.from) * (width - left - right);
    const y = value => height - bottom - 12 - (value - ys.from) / (ys.to - ys.from) * (height - bottom - 12 - top);
    const made = picture(place, width, height, names[measure] + ' over ' + names[swept[0]] + '; the table has the figures');
    yTicks.found.forEach((tick, i) => {
      made.append(svg('line', { class: 'grid', x1: left, x2: width - right, y1: y(tick), y2: y(tick) }));
      made.append(svg('text', { class: 'axis', x: left - 8, y: y(tick) + 4, 'text-anchor': 'end' }, yTexts[i]));
    });
    const xTicks = ticks(xs.from, xs.to, Math.max(2, Math.floor((width - left) / 90)));
    xTicks.found.forEach(tick => made.append(svg('text',
      { class: 'axis', x: x(tick), y: height - bottom + 17, 'text-anchor': 'middle' }, short(tick, xTicks.step))));
    made.append(svg('text', { x: left, y: 12 }, names[measure]));
    made.append(svg('text', { x: (left + width - right) / 2, y: height - 6, 'text-anchor': 'middle' }, names[swept[0]]));
    let line = '';
    let isDown = false;
    order.forEach(row => {
      const has = Number.isFinite(figures[row]);
      if (has) line += (isDown ? 'L' : 'M') + x(across[row]).toFixed(1) + ' ' + y(figures[row]).toFixed(1);
      isDown = has;
    });
    made.append(svg('path', { class: 'curve', d: line }));
    if (rows.length <= 1000) {
      order.forEach(row => {
        const has = Number.isFinite(figures[row]);
        const dot = has
          ? svg('circle', { class: 'dot', cx: x(across[row]), cy: y(figures[row]), r: rows.length > 200 ? 1.5 : 3 })
          : svg('text', { class: 'lack', x: x(across[row]), y: height - bottom, 'text-anchor': 'middle' }, '\u2715');
        dot.append(svg('title', {}, setOf(row) + ': ' + (rows[row][measure] ?? 'nothing')));
        made.append(dot);
      });
    }
    [highest, lowest].filter(row => row >= 0).forEach(row => mark(made, x(across[row]), y(figures[row]), row));
  }

  function drawMap() {
    const { figures } = columns[measure];
    const [down, across] = swept;
    const kinds = column => [...new Set(rows.map(cells => cells[column]))];
    const lines = kinds(down);
    const cells = kinds(across);
    const [top, bottom] = [24, 42];
    const width = place.clientWidth;
    const longest = texts => 7 * Math.max(...texts.map(word => word.length));
    const left = Math.min(120, 12 + longest(lines));
    const wide = (width - left - 1) / cells.length;
    const high = Math.max(6, Math.min(28, 560 / lines.length));
    const height = top + high * lines.length + bottom;
    const { from, to } = extent(figures);
    const made = picture(place, width, height,
      names[measure] + ' over ' + names[down] + ' and ' + names[across] + '; the table has the figures');
    made.append(svg('text', { x: 0, y: 12 }, names[down]));
    made.append(svg('text', { x: (left + width) / 2, y: height - 6, 'text-anchor': 'middle' }, names[across]));
    const everyLine = Math.ceil(14 / high);
    lines.forEach((line, i) => {
      if (i % everyLine === 0) {
        made.append(svg('text', { class: 'axis', x: left - 8, y: top + (i + 0.5) * high + 4, 'text-anchor': 'end' }, line));
      }
    });
    const everyCell = Math.ceil((longest(cells) + 8) / wide);
    cells.forEach((cell, i) => {
      if (i % everyCell === 0) {
        made.append(svg('text',
          { class: 'axis', x: left + (i + 0.5) * wide, y: height - bottom + 17, 'text-anchor': 'middle' }, cell));
      }
    });
    const areWhole = figures.every(value => !Number.isFinite(value) || Number.isInteger(value));
    const step = Math.max(areWhole ? 1 : 0, (to - from) / 100);
    const texts = figures.map(value => Number.isFinite(value) ? short(value, step) : '\u2715');
    const areTold = high >= 18 && longest(texts) + 6 <= wide;
    const [lineOf, cellOf] = [lines, cells].map(kind => new Map(kind.map((word, i) => [word, i])));
    rows.forEach((row, i) => {
      const x = left + cellOf.get(row[across]) * wide;
      const y = top + lineOf.get(row[down]) * high;
      const has = Number.isFinite(figures[i]);
      const box = svg('rect', {
        class: has ? 'heat' : 'heat lack', x, y, width: Math.max(1, wide - 1), height: Math.max(1, high - 1),
        'fill-opacity': has ? (0.06 + 0.9 * (figures[i] - from) / (to - from)).toFixed(3) : 0
      });
      box.append(svg('title', {}, setOf(i) + ': ' + (row[measure] ?? 'nothing')));
      made.append(box);
      const isMarked = i === highest || i === lowest;
      if (areTold || !has || isMarked) {
        const word = (isMarked ? i === highest ? '\u25b2' : '\u25bc' : '') + (areTold ? (isMarked ? ' ' : '') + texts[i] : has ? '' : '\u2715');
        made.append(svg('text', {
          class: 'told' + (i === highest ? ' highest' : i === lowest ? ' lowest' : ''),
          x: x + (wide - 1) / 2, y: y + high / 2 + 4, 'text-anchor': 'middle'
        }, word));
      }
    });
    const scale = element('span', 'scale');
    scale.append(short(from, step), element('i'), short(to, step));
    $('picture-legend').append(scale);
  }

  // ---- the table

  const order = [...rows.keys()];
  let sortedBy = -1;
  let isDescending = false;
  let shown = [0, 0];
  const table_ = $('answer-table');
  $('answer-rows').hidden = rows.length < 2 && !isSweep || rows.length === 0;

  function show() {
    const heads = columns.map(({ name, isNumeric }) => (isNumeric ? '' : ' ') + name.trim());
    fill(table_, heads, order.slice(...shown).map(row => rows[row].map((cell, column) => {
      const isMarked = column === measure && (row === highest || row === lowest);
      return (isMarked ? row === highest ? '\u25b2 ' : '\u25bc ' : '') + (cell ?? '');
    })), plural(table.count, isSweep ? oneSet : 'row')
      + (isWhole ? '' : ', of which the page has the first ' + whole(rows.length)
        + (run.environment.command.length > 0 ? '; --csv prints all' : '')));
    [...table_.tHead.rows[0].cells].forEach((cell, column) => {
      const button = element('button', 'sort', cell.textContent);
      button.type = 'button';
      if (column === sortedBy) {
        cell.setAttribute('aria-sort', isDescending ? 'descending' : 'ascending');
        button.append(element('span', '', isDescending ? ' \u2193' : ' \u2191'));
      }
      button.addEventListener('click', () => {
        sort(column);
        table_.tHead.rows[0].cells[column].firstElementChild.focus();
      });
      cell.replaceChildren(button);
    });
  }

  function sort(column) {
    isDescending = column === sortedBy && !isDescending;
    sortedBy = column;
    const { figures, isNumeric } = columns[column];
    const sign = isDescending ? -1 : 1;
    order.sort((a, b) => {
      if (!isNumeric) return sign * (rows[a][column] ?? '').localeCompare(rows[b][column] ?? '') || a - b;
      // Those without a number are the last, in either order.
      const [left, right] = [figures[a], figures[b]];
      const bothAre = Number.isFinite(left) && Number.isFinite(right);
      return (bothAre ? sign * (left - right) : Number.isFinite(right) - Number.isFinite(left)) || a - b;
    });
    turn(order.length);
  }

  const turn = pager($('answer-pages'), 10, (from, to) => {
    shown = [from, to];
    show();
  });

  const quoted = cell => cell === null ? '' : cell === '' || /[",\n\r]/.test(cell) ? '"' + cell.replaceAll('"', '""') + '"' : cell;
  $('copy').addEventListener('click', () => {
    // Not navigator.clipboard, which some browsers keep from pages that are files.
    const area = element('textarea', 'copied');
    area.value = [names, ...rows].map(cells => cells.map(quoted).join(',') + '\n').join('');
    document.body.append(area);
    area.select();
    const isCopied = document.execCommand('copy');
    area.remove();
    $('copy').focus();
    $('copy-said').textContent = isCopied ? plural(rows.length, 'row') + ' copied' : 'This browser does not let a page copy';
  });

  if (isSweep && measures.length > 0) choose(measure);
  turn(order.length);
  addEventListener('resize', draw);
  addEventListener('beforeprint', draw);
}
