/** Names the topic on which a change of what the devices of an account are asked is published. */

/** Wakes the open authenticators of this account. */
export const deviceTopic = (userId: string): string => `devices:${userId}`;
