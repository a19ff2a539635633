/** English notifications on a locked phone, which anybody may read: they name nobody, and nothing that asks. */
export const pushes = {
  /** A request waits in the authenticator. */
  request: { title: 'Is this you?', body: 'Tap to see who is asking.' },
  /** "Send a test" on the security page or in the authenticator. */
  test: { title: 'This is a test', body: 'It worked: requests reach this phone.' },
};
