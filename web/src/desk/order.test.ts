import { describe, expect, it } from 'vitest'
import { byKey, moved } from './order'

describe('moving an item', () => {
  it('puts it where it is dropped, the others closing up', () => {
    expect(moved(['a', 'b', 'c', 'd'], 0, 2)).toEqual(['b', 'c', 'a', 'd'])
    expect(moved(['a', 'b', 'c', 'd'], 3, 1)).toEqual(['a', 'd', 'b', 'c'])
  })

  it('keeps every item, once, and the list itself where nothing moves', () => {
    const list = ['a', 'b', 'c']
    expect([...moved(list, 2, 0)].sort()).toEqual(list)
    expect(moved(list, 1, 1)).toBe(list)
    expect(moved(list, 2, 9)).toBe(list)
    expect(moved(list, 5, 0)).toBe(list)
  })

  it('goes by arrow keys as by the mouse, and no further than the ends', () => {
    expect(byKey('ArrowUp', 1, 3)).toBe(0)
    expect(byKey('ArrowDown', 1, 3)).toBe(2)
    expect(byKey('Home', 2, 3)).toBe(0)
    expect(byKey('End', 0, 3)).toBe(2)
    expect(byKey('ArrowUp', 0, 3)).toBeNull()
    expect(byKey('ArrowDown', 2, 3)).toBeNull()
    expect(byKey('Enter', 1, 3)).toBeNull()
  })
})
