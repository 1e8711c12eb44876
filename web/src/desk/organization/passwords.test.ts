import { expect, test } from 'vitest'
import { newPassword, readPeople } from './passwords'

test('a first password has no letter that is easily taken for another, and is never the same', () => {
  const made = Array.from({ length: 500 }, newPassword)
  for (const each of made) expect(each).toMatch(/^[a-hjkmnp-z2-9]{4}(-[a-hjkmnp-z2-9]{4}){2}$/)
  expect(new Set(made).size).toBe(500)
})

test('people are read as they are pasted from a table or typed', () => {
  expect(readPeople('0101\t李 伟\t副局长\n\n0102，王芳\n0103 陈卫国 党组成员 工会主席\n0104')).toEqual({
    entries: [
      { line: 1, staff_number: '0101', name: '李 伟', post: '副局长' },
      { line: 3, staff_number: '0102', name: '王芳', post: '' },
      { line: 4, staff_number: '0103', name: '陈卫国', post: '党组成员 工会主席' },
    ],
    wrong: [5],
  })
})
