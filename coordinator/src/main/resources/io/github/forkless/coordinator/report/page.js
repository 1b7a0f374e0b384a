'use strict';
// What the pages have in common: words for figures, and tables. A page's script stands behind this one.

const whole = n => Math.round(n).toLocaleString('en');
const fixed = (n, digits) => n.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
const plural = (n, one) => whole(n) + ' ' + one + (n === 1 ? '' : 's');

function bytes(n) {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  while (n >= 1024 && unit < units.length - 1) {
    n /= 1024;
    unit++;
  }
  return (unit === 0 ? whole(n) : fixed(n, n < 10 ? 2 : n < 100 ? 1 : 0)) + ' ' + units[unit];
}

function seconds(s) {
  const size = Math.abs(s);
  if (size >= 100) return fixed(s, 0) + ' s';
  if (size >= 1) return fixed(s, 2) + ' s';
  if (size >= 0.001) return fixed(s * 1e3, size >= 0.1 ? 0 : 1) + ' ms';
  return fixed(s * 1e6, 0) + ' \u00b5s';
}

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** Rows of texts or elements under heads; columns whose head begins with a blank are text and not figures. */
function fill(table, heads, rows, caption) {
  table.replaceChildren();
  if (caption) table.append(element('caption', '', caption));
  const head = element('tr');
  heads.forEach(name => {
    const cell = element('th', name.startsWith(' ') ? 'text' : '', name.trim());
    cell.scope = 'col';
    head.append(cell);
  });
  table.createTHead().append(head);
  const body = table.createTBody();
  rows.forEach(cells => {
    const row = body.insertRow();
    if (cells.className) row.className = cells.className;
    cells.forEach((value, i) => {
      const cell = row.insertCell();
      if (heads[i].startsWith(' ')) cell.className = 'text';
      if (value instanceof Node) {
        cell.append(value);
        cell.classList.toggle('track-cell', value.className === 'track');
      } else {
        cell.textContent = value === undefined ? '' : value;
      }
    });
  });
}

/** Says of tables that are wider than their place that they scroll, and lets the keyboard scroll them. */
function hintAtWidth(signal) {
  const check = wide => {
    const isWider = wide.scrollWidth > wide.clientWidth + 1;
    wide.classList.toggle('scrolls', isWider);
    if (isWider) {
      wide.tabIndex = 0;
      wide.setAttribute('role', 'region');
      wide.setAttribute('aria-label', 'Table that scrolls sideways');
    } else {
      ['tabindex', 'role', 'aria-label'].forEach(name => wide.removeAttribute(name));
    }
  };
  const watch = new ResizeObserver(entries => entries.forEach(({ target }) => check(target.closest('.wide'))));
  if (signal) signal.addEventListener('abort', () => watch.disconnect());
  document.querySelectorAll('.wide').forEach(wide => {
    const hint = element('p', 'hint', '\u2194 scrolls sideways');
    hint.setAttribute('aria-hidden', 'true');
    wide.after(hint);
    check(wide);
    watch.observe(wide);
    watch.observe(wide.firstElementChild);
  });
}

/** Buttons that turn the pages of a list; `show` is told from where to where. A place may say at which page to begin. */
function pager(place, size, show) {
  let count = 0;
  let page = 0;
  const at = element('span');
  const last = () => Math.max(0, Math.ceil(count / size) - 1);
  const button = (text, label, to) => {
    const made = element('button', '', text);
    made.type = 'button';
    if (label) made.setAttribute('aria-label', label);
    made.addEventListener('click', () => turn(to()));
    return made;
  };
  const back = [button('\u00ab', 'First page', () => 0), button('Previous', '', () => page - 1)];
  const forth = [button('Next', '', () => page + 1), button('\u00bb', 'Last page', last)];
  place.setAttribute('role', 'group');
  place.setAttribute('aria-label', 'Pages');
  place.replaceChildren(...back, at, ...forth);

  function turn(to) {
    page = Math.max(0, Math.min(to, last()));
    at.textContent = whole(page + 1) + ' of ' + whole(last() + 1);
    back.forEach(made => { made.disabled = page === 0; });
    forth.forEach(made => { made.disabled = page === last(); });
    place.hidden = last() === 0;
    place.dataset.page = page;
    show(page * size, Math.min(count, (page + 1) * size));
  }

  return of => {
    count = of;
    turn(Number(place.dataset.begin || 0));
    delete place.dataset.begin;
  };
}

// ---- pictures

function svg(name, attributes, text) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

/** An empty picture, as wide as its place; its units are the page's pixels. */
function picture(place, width, height, title) {
  const made = svg('svg', { viewBox: '0 0 ' + width + ' ' + height, role: 'img', 'aria-label': title });
  place.replaceChildren(made);
  return made;
}

/** A legend's entry: its mark is a text, or a box that shows a class's color. */
function key(mark, text) {
  const made = element('span');
  made.append(mark.length === 1 ? element('b', '', mark) : element('i', 'key ' + mark), text);
  return made;
}
