import type { Catalogue } from '@/i18n'

export const messages: Catalogue = {
  zh: {
    title: '我的账号',
    password: {
      title: '修改密码',
      lead: '修改后，您在其他设备上的登录随即结束。',
      first: '{name}，请先设置自己的密码',
      first_lead: '您现在的密码是由他人设置的。改为只有您本人知道的密码后，即可使用本系统。',
      given: '现在的密码（密码条上的）',
      old: '原密码',
      new: '新密码',
      hint: '至少 8 个字符，不限组成。不要用姓名拼音、工号、生日、年份和键盘上相邻的键。',
      again: '再输入一次新密码',
      differs: '两次输入的新密码不一致。',
      show: '明文显示',
      change: '修改密码',
      saved: '密码已修改，其他设备上的登录已经结束。',
    },
  },
  en: {
    title: 'My account',
    password: {
      title: 'Change the password',
      lead: 'You are then signed out on your other devices.',
      first: '{name}, choose a password of your own',
      first_lead: 'Another person gave you the present one. Once you have one that you alone know, you can go on.',
      given: 'The present password (on your slip)',
      old: 'The present password',
      new: 'The new password',
      hint: '8 characters or more, of any kind; no name, number, birthday, year or row of keys.',
      again: 'The new password again',
      differs: 'The two new passwords differ.',
      show: 'Show what I type',
      change: 'Change it',
      saved: 'The password was changed, and you are signed out on your other devices.',
    },
  },
}
