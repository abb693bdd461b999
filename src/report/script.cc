#include "report/assets.h"

namespace narrow {

// Headings of tables sort, a box above filters, and a button saves the numbers. The page says as much without it.
const char* const kReportScript = R"(
'use strict';
for (const table of document.querySelectorAll('table.sorts')) {
  const body = table.tBodies[0], first = [...body.rows], heads = [...table.tHead.rows[0].cells];
  const key = (row, i) => row.cells[i].dataset.v ?? row.cells[i].textContent.trim();
  const sort = (head, i) => {
    const was = head.getAttribute('aria-sort'), next = was === 'descending' ? 'ascending'
      : was === 'ascending' ? null : head.classList.contains('number') ? 'descending' : 'ascending';
    heads.forEach(h => h.removeAttribute('aria-sort'));
    const rows = [...first], sign = next === 'descending' ? -1 : 1;
    if (next) {
      head.setAttribute('aria-sort', next);
      const number = head.classList.contains('number');
      rows.sort((a, b) => {
        const x = key(a, i), y = key(b, i);
        if (!number) return sign * x.localeCompare(y, 'en', {numeric: true});
        const p = parseFloat(x), q = parseFloat(y);
        return isNaN(p) ? (isNaN(q) ? 0 : 1) : isNaN(q) ? -1 : p === q ? 0 : sign * (p < q ? -1 : 1);
      });
    }
    body.append(...rows);
  };
  heads.forEach((head, i) => {
    head.classList.add('sorts');
    head.tabIndex = 0;
    head.addEventListener('click', () => sort(head, i));
    head.addEventListener('keydown', e => { if (e.key === 'Enter' || e.key === ' ') { e.preventDefault(); sort(head, i); } });
  });
}
for (const area of document.querySelectorAll('[data-filter]')) {
  const tools = document.createElement('div'), box = document.createElement('input');
  tools.className = 'tools';
  box.type = 'search';
  box.placeholder = 'filter ' + area.dataset.filter;
  box.setAttribute('aria-label', box.placeholder);
  tools.append(box);
  area.before(tools);
  box.addEventListener('input', () => {
    const words = box.value.toLowerCase().split(/\s+/);
    for (const item of area.querySelectorAll('tbody tr, .tile')) {
      let text = item.textContent;
      for (const named of item.querySelectorAll('[title]')) text += ' ' + named.title;
      text = text.toLowerCase();
      item.hidden = !words.every(w => text.includes(w));
    }
  });
}
const numbers = document.getElementById('numbers'), save = document.getElementById('save');
save.hidden = false;
save.addEventListener('click', () => {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([numbers.textContent], {type: 'application/json'}));
  link.download = save.dataset.name;
  link.click();
});
)";

}  // namespace narrow
