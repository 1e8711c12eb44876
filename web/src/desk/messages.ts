import { body } from './words/body'
import { meeting } from './words/meeting'
import { minutes } from './words/minutes'
import { organization } from './words/organization'
import { catalogue, type Pairs } from './words/pairs'

const common: Pairs = {
  title: ['工作台', 'Desk'],
  nav: ['工作台导航', 'Desk'],
  back: ['返回工作台', 'Back to the desk'],
  save: ['保存', 'Save'],
  choose_day: ['请选择日期', 'Choose a day'],
  edit: ['编辑', 'Edit'],
  remove: ['删除', 'Remove'],
  nobody: ['（无）', '(nobody)'],
  unsaved: {
    title: ['有内容尚未保存', 'Something is not saved'],
    lead: ['离开后，未保存的内容将丢失。', 'If you leave, what you typed is lost.'],
    leave: ['不保存，离开', 'Leave without saving'],
  },
  pdf: {
    show: ['查看 PDF', 'Show the PDF'],
    preview: ['预览 PDF', 'Preview the PDF'],
    hide: ['收起 PDF', 'Hide the PDF'],
    pages: ['共 {count} 页', 'Pages: {count}'],
    download: ['下载', 'Download'],
    draft_name: ['会议纪要（审签稿）', 'Minutes (draft)'],
    docx: ['下载 DOCX（供修改使用）', 'DOCX, to work with'],
    saved_only: ['预览以已保存的内容为准。', 'The preview shows what is saved.'],
  },
}

export const messages = catalogue({ ...common, ...meeting, ...minutes, ...body, ...organization })
