// The root element says `data-settled` while the page waits for nothing: no route, no part of a page, no answer, no file and
// no first word of a feed is on its way. A feed that is lost is waited for no longer: the page says that it is.
let waiting = 0

/** The page waits from now on, until the function given back is called; calling it again does nothing. */
export function wait(): () => void {
  let over = false
  waiting += 1
  delete document.documentElement.dataset.settled
  return () => {
    if (over) return
    over = true
    waiting -= 1
    // What has come is drawn first, and may ask for more.
    setTimeout(() => {
      if (!waiting) document.documentElement.dataset.settled = ''
    })
  }
}

/** The page waits for this promise; gives it back. */
export function awaited<T>(what: Promise<T>): Promise<T> {
  const over = wait()
  what.then(over, over)
  return what
}
