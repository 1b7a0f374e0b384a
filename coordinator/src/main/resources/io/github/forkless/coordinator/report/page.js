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
