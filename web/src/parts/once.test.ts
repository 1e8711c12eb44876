import { expect, it, vi } from 'vitest'
import { takeClicksOnce } from './once'

function button(name: string): [HTMLButtonElement, ReturnType<typeof vi.fn>] {
  const made = document.createElement('button')
  const pressed = vi.fn()
  made.textContent = name
  made.addEventListener('click', pressed)
  document.body.append(made)
  return [made, pressed]
}

const click = (on: Element, detail: number) =>
  on.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, detail }))

it('gives the second click of a double click to nothing that came under the finger meanwhile', () => {
  takeClicksOnce(document)
  const [close, closed] = button('结束表决')
  const [announce, announced] = button('宣布决定')
  click(close, 1)
  click(announce, 2)
  expect([closed.mock.calls.length, announced.mock.calls.length]).toEqual([1, 0])
  click(announce, 1)
  click(close, 0) // by the keyboard
  expect([closed.mock.calls.length, announced.mock.calls.length]).toEqual([2, 1])
})

it('leaves what is pressed again and again alone', () => {
  const [larger, pressed] = button('放大')
  for (const detail of [1, 2, 3]) click(larger, detail)
  expect(pressed).toHaveBeenCalledTimes(3)
})
