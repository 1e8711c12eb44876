// On a phone a table's rows are cards: each cell then says its own heading, which the stylesheet prints before it.
import type { Directive } from 'vue'

function label(table: HTMLTableElement): void {
  const heads = [...table.querySelectorAll('thead th')].map((each) =>
    each.querySelector('.visually-hidden') ? '' : each.textContent?.trim(),
  )
  for (const row of table.tBodies[0]?.rows ?? [])
    for (const [at, cell] of [...row.cells].entries()) if (heads[at]) cell.dataset.label = heads[at]
}

/** Gives the cells of a table their column's heading as `data-label`. */
export const vCards: Directive<HTMLTableElement> = { mounted: label, updated: label }
