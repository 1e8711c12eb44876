// The second click of a double click is no press of its own: the page may have moved on under the finger, and nobody
// meant the button that stands there now, such as 宣布决定 where 结束表决 was.

/** Ignore such a click on this page from now on, if it falls on another button than the first. */
export function takeClicksOnce(page: Document): void {
  let first: EventTarget | null = null
  page.addEventListener(
    'click',
    (event) => {
      const pressed = event.target instanceof Element ? event.target.closest('button, a, summary, label') : null
      if (event.detail <= 1) {
        first = pressed
      } else if (pressed !== first) {
        event.preventDefault()
        event.stopPropagation()
      }
    },
    { capture: true },
  )
}
