// The second click of a double click is none of its own: the page may have moved on under the finger, and what stands there
// now, such as 宣布决定 where 结束表决 was, nobody has pressed.

/** From now on the page takes such a click for what it is: on another button than the first it does nothing. */
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
