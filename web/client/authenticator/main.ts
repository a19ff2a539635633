/** Starts the authenticator. */
import { h, render } from 'preact';
import { registerWorker } from './service-worker.ts';

const place = document.querySelector('#app');
if (place !== null) render(h('main', null, h('h1', null, 'Sallyport Authenticator')), place);
void registerWorker();
