/** Stops the development server of a run. */
export default () => globalThis.sallyportWorld?.close();
