import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';

/** Not of the public internet: the special-purpose blocks of IPv4 (IANA, "IPv4 Special-Purpose Address Space"). */
const SPECIAL = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
  // Public by its number, and yet the host beneath: Azure's wire server (Azure documentation, "IP address 168.63.129.16").
  '168.63.129.16/32',
];
/** Within the global unicast addresses of IPv6, those that stand for something else (IANA's registry of IPv6). */
const SPECIAL_V6 = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20'];
const GLOBAL_UNICAST_V6 = '2000::/3';

const LOCAL_NAME = /(?:^|\.)(?:localhost|local|internal)\.?$/;
const HOST_NAME = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/;
const ONLY_NUMBERS = /^[\d./:a-f]*[/:][\d./:a-f]*$/;

const NOT_PUBLIC = blockList([...SPECIAL, ...SPECIAL_V6]);
const PUBLIC_V6 = blockList([GLOBAL_UNICAST_V6]);

/**
 * Where webhooks may go: to addresses of the public internet, by https; and to what the operator names, by http, too.
 * What is not known to be public is refused: private, loopback and link-local addresses, those of metadata services, and
 * IPv6 addresses that stand for IPv4 ones.
 */
export class WebhookTargets {
  private readonly hosts = new Set<string>();
  private readonly listed: BlockList;

  /** @param allow hosts, addresses and networks, such as `hooks.corp,10.1.0.0/16` @throws RangeError naming the entry */
  constructor(allow = '') {
    const networks: string[] = [];
    for (const entry of allow.split(',').map((one) => one.trim().toLowerCase())) {
      if (entry === '') continue;
      if (isIP(entry) > 0 || ONLY_NUMBERS.test(entry)) networks.push(entry);
      else if (HOST_NAME.test(entry)) this.hosts.add(entry);
      else throw new RangeError(`'${entry}' is neither a host nor a network such as 10.1.0.0/16`);
    }
    this.listed = blockList(networks);
  }

  /** Why a URL cannot be a target, as far as it says by itself; undefined: it may be one. */
  complaint(text: string): string | undefined {
    if (!URL.canParse(text)) return 'must be a URL such as https://example.com/hook';
    const url = new URL(text);
    if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must begin with https://';
    if (url.username !== '' || url.password !== '') return 'must not hold a user or password';
    if (url.hash !== '') return 'must not have a fragment';
    const host = hostOf(url);
    if (this.allowsHost(host)) return undefined;
    const isAddress = isIP(host) > 0;
    if (isAddress ? !this.allowsAddress(host) : LOCAL_NAME.test(host)) {
      return 'must be reachable from the internet; an operator can allow others (WINDROW_WEBHOOK_ALLOW)';
    }
    return url.protocol === 'https:' || (isAddress && this.isListed(host)) ? undefined : 'must begin with https://';
  }

  allowsHost(host: string): boolean {
    return this.hosts.has(host.toLowerCase());
  }

  /** Whether a connection may be made to an address that a name was resolved to. */
  allowsAddress(text: string): boolean {
    if (isIP(text) === 0) return false;
    if (this.isListed(text)) return true;
    const address = plain(text);
    if (isIPv4(address)) return !NOT_PUBLIC.check(address, 'ipv4');
    return PUBLIC_V6.check(address, 'ipv6') && !NOT_PUBLIC.check(address, 'ipv6');
  }

  private isListed(text: string): boolean {
    const address = plain(text);
    return this.listed.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  }
}

/** Of a URL, without the brackets of IPv6. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '').toLowerCase();
}

/** The IPv4 address where an IPv6 one is its other form (`::ffff:10.0.0.1`); no zone. */
function plain(text: string): string {
  const [address = ''] = text.split('%');
  if (!isIPv6(address)) return address;
  const short = hostOf(new URL(`http://[${address}]`));
  const [, high, low] = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(short) ?? [];
  if (high === undefined || low === undefined) return short;
  const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [a >> 8, a & 255, b >> 8, b & 255].join('.');
}

/** @throws RangeError */
function blockList(networks: string[]): BlockList {
  const list = new BlockList();
  for (const entry of networks) {
    const [address = '', bits] = entry.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    const most = family === 'ipv6' ? 128 : 32;
    const prefix = bits === undefined ? most : Number(bits);
    if (isIP(address) === 0 || !(prefix >= 0 && prefix <= most)) {
      throw new RangeError(`'${entry}' is no network such as 10.1.0.0/16`);
    }
    list.addSubnet(address, prefix, family);
  }
  return list;
}
