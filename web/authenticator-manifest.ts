/** Describes the web app at /authenticator to browsers that install it (W3C Web Application Manifest). */

/**
 * The manifest as JSON. `id` must never change: another one would be another app for those who have installed it.
 * Its names are not translated: it is fetched before the app knows a language.
 */
export const manifest = (
  path: string,
  icon: (name: 'icon-192' | 'icon-512' | 'maskable-512' | 'monochrome-512') => string,
): string =>
  JSON.stringify({
    id: path,
    name: 'Sallyport Authenticator',
    short_name: 'Authenticator',
    start_url: path,
    scope: path,
    display: 'standalone',
    background_color: '#ffffff',
    theme_color: '#0e5242',
    icons: [
      { src: icon('icon-192'), sizes: '192x192', type: 'image/png', purpose: 'any' },
      { src: icon('icon-512'), sizes: '512x512', type: 'image/png', purpose: 'any' },
      { src: icon('maskable-512'), sizes: '512x512', type: 'image/png', purpose: 'maskable' },
      { src: icon('monochrome-512'), sizes: '512x512', type: 'image/png', purpose: 'monochrome' },
    ],
  });
