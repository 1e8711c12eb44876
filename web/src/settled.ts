// The root element has `data-settled` while the page waits for nothing: no route, no part of a page, no answer, no file
// and no first message of a feed is under way. A lost feed is no longer waited for: the page says that it is lost.
let waiting = 0

/** Mark the page as waiting until the returned function is called; calling it again does nothing. */
export function wait(): () => void {
  let over = false
  waiting += 1
  delete document.documentElement.dataset.settled
  return () => {
    if (over) return
    over = true
    waiting -= 1
    // The new content is drawn first, and may ask for more.
    setTimeout(() => {
      if (!waiting) document.documentElement.dataset.settled = ''
    })
  }
}

/** Mark the page as waiting for this promise, and return it. */
export function awaited<T>(what: Promise<T>): Promise<T> {
  const over = wait()
  what.then(over, over)
  return what
}
