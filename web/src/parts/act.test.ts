import { expect, it } from 'vitest'
import { nextTick, ref } from 'vue'
import { Unreachable } from '@/api'
import { useAct } from './act'

const lost = (): Promise<never> => Promise.reject(new Unreachable())

it('says of the next one nothing that was refused of the one before', async () => {
  const about = ref<number | null>(1)
  const { problem, run } = useAct(() => about.value)
  await run(lost)
  expect(problem.value).toBeInstanceOf(Unreachable)
  about.value = null // cancelled
  await nextTick()
  expect(problem.value).toBeNull()
  await run(lost)
  expect(problem.value).toBeInstanceOf(Unreachable)
})
