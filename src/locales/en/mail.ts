/** English words that every mail shares. */
export const mail = {
  /** Below the content. `host`: where the account is. */
  footer: (host: string): string =>
    `You get this message because it is about your account at ${host}. Please do not reply: nobody reads this mailbox.`,
  /** To administrators, who have no account that the mail is about. */
  administratorFooter: (host: string): string =>
    `You get this message because you are named as an administrator of ${host}. Please do not reply: nobody reads this mailbox.`,
  /** Above the whole address of the link, for programs that show no buttons. */
  linkInstead: 'If the button does not work, open this address:',
};
