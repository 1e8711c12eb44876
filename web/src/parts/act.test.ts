import { expect, it } from 'vitest'
import { ref } from 'vue'
import { Refused, Unreachable } from '@/api'
import { useAct } from './act'

it('shows no refusal of one thing at the next', async () => {
  const removing = ref<number | null>(1)
  const { problem, run } = useAct(() => removing.value)
  expect(await run(() => Promise.reject(new Refused(409, [])))).toBe(false)
  expect(problem.value).toBeInstanceOf(Refused)
  removing.value = null
  removing.value = 2
  expect(problem.value).toBeNull()
})

it('does one act at a time', async () => {
  const { run } = useAct()
  let done = 0
  const first = run(async () => {
    await Promise.resolve()
    done += 1
  })
  expect(await run(() => Promise.reject(new Unreachable()))).toBe(false)
  expect([await first, done]).toEqual([true, 1])
})
