// First passwords: made on this device, sent once, printed as slips, kept nowhere.

const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789' // none that is easily taken for another

/** Returns a password of twelve letters and digits in three groups: 59 bits. */
export function newPassword(): string {
  const picked: string[] = []
  while (picked.length < 12) {
    const [byte] = crypto.getRandomValues(new Uint8Array(1))
    if (byte! < 248) picked.push(LETTERS[byte! % 31]!) // 248 = 8 × 31: each is as likely as any other
  }
  return [0, 4, 8].map((at) => picked.slice(at, at + 4).join('')).join('-')
}

export interface Entry {
  line: number
  staff_number: string
  name: string
  post: string
}

/** Reads one person a line: number, name, post, apart by tabs, commas or blanks; returns the lines that lack a name
 * too. */
export function readPeople(text: string): { entries: Entry[]; wrong: number[] } {
  const entries: Entry[] = []
  const wrong: number[] = []
  for (const [at, whole] of text.split('\n').entries()) {
    if (!whole.trim()) continue
    const cells = whole.trim().split(whole.includes('\t') ? /\t/ : /[,，]|\s+/).map((each) => each.trim())
    const [staff_number, name, ...rest] = cells
    if (staff_number && name) entries.push({ line: at + 1, staff_number, name, post: rest.filter(Boolean).join(' ') })
    else wrong.push(at + 1)
  }
  return { entries, wrong }
}
