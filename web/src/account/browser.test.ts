import { expect, it } from 'vitest'
import { browserOf } from './browser'

it('names program and system', () => {
  const chromium = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'
  const agents: [string, string][] = [
    [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chromium}`, 'Chrome · Windows'],
    [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chromium} Edg/140.0`, 'Edge · Windows'],
    ['Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1', 'Safari · iPad'],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox · Linux'],
    [`Mozilla/5.0 (Phone; OpenHarmony 5.0) ${chromium} ArkWeb/4.1 HuaweiBrowser/5.0`, '华为浏览器 · HarmonyOS'],
    ['yijue-watch/1', ''],
  ]
  for (const [agent, name] of agents) expect(browserOf(agent)).toBe(name)
})
