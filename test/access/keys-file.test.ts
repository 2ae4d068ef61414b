// The keys file: what it may hold, and that each fault is named by its path and never by what stands there.
import { describe, expect, it } from 'vitest';
import { readKeys } from '../../src/access/keys-file.ts';

const secret = 'a secret of the tests, long enough';
const jwks = { url: 'https://login.example/keys', issuer: 'https://login.example/', audience: 'orders', algorithms: ['RS256', 'ES256'] };
const read = (file: unknown) => readKeys(JSON.stringify(file));
const faultsOf = (file: unknown): readonly string[] => {
  const result = read(file);
  if (!('faults' in result)) throw new Error('It has no fault.');
  return result.faults;
};

it('reads secrets, a JWKS or both for each site', () => {
  const file = { sites: { demo: { secrets: [secret, `${secret} 2`] }, shop: { jwks }, both: { secrets: [`${secret} 3`], jwks } } };
  expect(read(file)).toEqual({
    settings: new Map(
      Object.entries({
        demo: { secrets: [secret, `${secret} 2`] },
        shop: { secrets: [], jwks },
        both: { secrets: [`${secret} 3`], jwks },
      }),
    ),
  });
});

describe('refuses', () => {
  it.each<[string, unknown, string[]]>([
    ['a list', [], ['(file)']],
    ['nothing', {}, ['sites']],
    ['no site', { sites: {} }, ['sites']],
    ['a site that is no id', { sites: { ' demo ': { secrets: [secret] } } }, ['sites. demo ']],
    ['a site that is a list', { sites: { demo: [secret] } }, ['sites.demo']],
    ['a site with nothing', { sites: { demo: {} } }, ['sites.demo']],
    ['a site with an empty list', { sites: { demo: { secrets: [] } } }, ['sites.demo']],
    ['other members', { version: 1, sites: { demo: { secrets: [secret], secret } } }, ['sites.demo', '(file)']],
    [
      'short secrets',
      { sites: { demo: { secrets: [secret, 'x'.repeat(31)] }, shop: { secrets: ['', 7] } } },
      ['sites.demo.secrets.1', 'sites.shop.secrets.0', 'sites.shop.secrets.1'],
    ],
    ['a secret as text', { sites: { demo: { secrets: secret } } }, ['sites.demo.secrets']],
    ['a secret twice', { sites: { demo: { secrets: [secret, secret] } } }, ['sites.demo.secrets.1']],
    ['a secret of two sites', { sites: { demo: { secrets: [secret] }, shop: { secrets: [secret] } } }, ['sites.shop.secrets.0']],
    [
      'a JWKS that pins nothing',
      { sites: { demo: { jwks: { url: jwks.url } } } },
      ['sites.demo.jwks.issuer', 'sites.demo.jwks.audience', 'sites.demo.jwks.algorithms'],
    ],
    ['no algorithm', { sites: { demo: { jwks: { ...jwks, algorithms: [] } } } }, ['sites.demo.jwks.algorithms']],
    [
      'HS256 or none by JWKS',
      { sites: { demo: { jwks: { ...jwks, algorithms: ['HS256', 'none', 'RS256'] } } } },
      ['sites.demo.jwks.algorithms.0', 'sites.demo.jwks.algorithms.1'],
    ],
    ['several audiences', { sites: { demo: { jwks: { ...jwks, audience: ['a', 'b'] } } } }, ['sites.demo.jwks.audience']],
  ])('%s', (_, file, paths) => {
    expect(faultsOf(file).map((fault) => fault.split(': ')[0])).toEqual(paths);
  });

  it.each([
    'login',
    '',
    'http://login.example/keys',
    'http://127.0.0.1.login.example/',
    'http://localhost.example/',
    'http://[::2]/',
    'ftp://login.example/',
    'file:///keys',
    'https://user:password@login.example/',
  ])('keys from "%s"', (url) => {
    expect(faultsOf({ sites: { demo: { jwks: { ...jwks, url } } } })).toEqual([
      expect.stringMatching(/^sites\.demo\.jwks\.url: Expected /),
    ]);
  });

  it.each([
    'http://localhost:8080/keys',
    'http://127.0.0.1/keys',
    'http://127.1.2.3/keys',
    'http://[::1]:1/keys',
    'https://login.example:8443/keys?tenant=1',
  ])('not keys from "%s"', (url) => {
    expect(read({ sites: { demo: { jwks: { ...jwks, url } } } })).toHaveProperty('settings');
  });

  it('what is no JSON, by its line', () => {
    expect(readKeys('{\n  "sites": {,\n}')).toEqual({ faults: ['(file): Expected JSON, in line 2.'] });
    expect(readKeys('')).toEqual({ faults: [expect.stringMatching(/^\(file\): Expected JSON/)] });
  });

  it('without telling what stands there', () => {
    const hidden = 'hunter2-hunter2-hunter2-hunter2-hunter2';
    const places = [
      { sites: { demo: { secrets: [hidden.slice(0, 20)] } } },
      { sites: { demo: { secrets: { [hidden]: hidden } } } },
      { sites: { demo: { secrets: [secret], [hidden]: hidden } } },
      { sites: { demo: hidden } },
      { sites: { demo: { jwks: { url: hidden, issuer: '', audience: '', algorithms: [hidden] } } } },
      { sites: { demo: { secrets: [hidden, hidden] } } },
      { sites: hidden, [hidden]: hidden },
      hidden,
    ];
    const texts = [
      ...places.map((place) => JSON.stringify(place)),
      `{"sites": {"demo": {"secrets": ["${hidden}" "`,
      `${hidden}`,
      `{"sites": ${hidden}}`,
    ];
    for (const text of texts) {
      const faults = JSON.stringify(readKeys(text));
      expect(faults).toContain('faults');
      expect(faults).not.toContain('hunter2');
    }
  });
});
