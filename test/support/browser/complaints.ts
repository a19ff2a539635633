/** What a browser says against the pages it shows: script that fails, a policy that is broken, a request to somebody else. */
import type { BrowserContext } from 'playwright-core';

/** Chromium reports a page of 400 and up as an error of its own; which pages those are, the stories say. */
const isStatus = (text: string): boolean =>
  text.startsWith('Failed to load resource: the server responded with a status of 4');
const ours = new Set(['localhost', '127.0.0.1']);

/** Listens to every page of the context from now on; what it gives grows with each complaint. */
export const listenForComplaints = (context: BrowserContext): readonly string[] => {
  const complaints: string[] = [];
  context.on('console', message => {
    if (['error', 'warning'].includes(message.type()) && !isStatus(message.text()))
      complaints.push(`${message.type()}: ${message.text()}`);
  });
  context.on('weberror', error => complaints.push(`thrown: ${error.error().message}`));
  context.on('request', request => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol.startsWith('http') && !ours.has(hostname)) complaints.push(`asked elsewhere: ${request.url()}`);
  });
  return complaints;
};
