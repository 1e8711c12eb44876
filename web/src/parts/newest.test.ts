import { expect, test } from 'vitest'
import { useNewest } from './newest'

test('an answer that was overtaken is dropped, whichever comes first', async () => {
  const answers: ((word: string) => void)[] = []
  const { value, load } = useNewest(() => new Promise<string>((resolve) => answers.push(resolve)))
  const [first, second] = [load(), load()]
  expect(value.value).toBeNull()
  answers[1]?.('second')
  await second
  expect(value.value).toBe('second')
  answers[0]?.('first')
  await first
  expect(value.value).toBe('second')
})

test('an error is the caller’s, and what was read stays', async () => {
  const words = ['read']
  const { value, load } = useNewest(async () => words.pop() ?? Promise.reject(new Error('away')))
  await load()
  await expect(load()).rejects.toThrow('away')
  expect(value.value).toBe('read')
})
