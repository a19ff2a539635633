/** Collects complaints of a browser: failing scripts, policy violations, requests to other hosts. */
import type { BrowserContext } from 'playwright-core';

/** Chromium reports a status of 400 and above as an error. The tests check those statuses themselves. */
const isStatus = (text: string): boolean =>
  text.startsWith('Failed to load resource: the server responded with a status of 4');
const ours = new Set(['localhost', '127.0.0.1']);

/** Listens to every page of the context from now on. The returned list grows with each complaint. */
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
