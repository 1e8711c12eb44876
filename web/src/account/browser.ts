// A browser by the names that its user agent gives: the program and the system. Which come first matters: most claim to
// be several.
const PROGRAMS: [RegExp, string][] = [
  [/MicroMessenger\//, '微信'],
  [/DingTalk/, '钉钉'],
  [/HuaweiBrowser\//, '华为浏览器'],
  [/(360SE|QIHU|QihooBrowser)/, '360'],
  [/MQQBrowser|QQBrowser\//, 'QQ 浏览器'],
  [/Edg(A|iOS)?\//, 'Edge'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/Chrome\/|CriOS\//, 'Chrome'],
  [/Version\/.*Safari\//, 'Safari'],
]
const SYSTEMS: [RegExp, string][] = [
  [/OpenHarmony|HarmonyOS/, 'HarmonyOS'],
  [/iPad/, 'iPad'],
  [/iPhone/, 'iPhone'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Macintosh/, 'macOS'],
  [/Linux/, 'Linux'],
]

/** Returns program and system, such as `Chrome · Windows`; what is not known is left out. */
export function browserOf(agent: string): string {
  const named = (table: [RegExp, string][]) => table.find(([sign]) => sign.test(agent))?.[1]
  return [named(PROGRAMS), named(SYSTEMS)].filter(Boolean).join(' · ')
}
