import type { Catalogue } from '@/i18n'

export const messages: Catalogue = {
  zh: {
    lead: '逐人登记；登记后本人可在平板上核对并提出异议，结束表决前可以更正。',
    objected: '本人有异议，请更正',
    last: '末位表态',
    alone: '主持人不再等候',
    alone_lead: '尚有成员未表决。只有{name}明确宣布不再等候的，才能登记；此后本轮不再登记其他成员的首次表决，该宣布记录在案。',
  },
  en: {
    lead: 'Take each down by name; members check it on their tablets and may object. It can be corrected until the close.',
    objected: 'objects: correct it',
    last: 'votes last',
    alone: 'The chair waits no longer',
    alone_lead: 'Some have yet to vote. Record this only if {name} has said not to wait; no first ballot is taken after it, and the word goes on the record.',
  },
}
