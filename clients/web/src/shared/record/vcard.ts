/** A person as an address book takes it in. */
export interface Card {
  firstName?: string | null; lastName?: string | null; salutation?: string | null; company?: string | null; title?: string | null; email?: string | null;
  phone?: string | null; mobile?: string | null; fax?: string | null; website?: string | null;
  street?: string | null; city?: string | null; state?: string | null; postalCode?: string | null; country?: string | null;
}

/** A vCard 3.0 (RFC 2426), which every address book reads; 4.0 some do not. */
export function vCard(card: Card, page: string) {
  const lines = [
    'BEGIN:VCARD', 'VERSION:3.0',
    `N:${[card.lastName, card.firstName, '', card.salutation, ''].map(text).join(';')}`,
    `FN:${text([card.firstName, card.lastName].filter(Boolean).join(' '))}`,
    line('ORG', card.company), line('TITLE', card.title), line('EMAIL;TYPE=INTERNET', card.email),
    line('TEL;TYPE=WORK,VOICE', card.phone), line('TEL;TYPE=CELL', card.mobile), line('TEL;TYPE=WORK,FAX', card.fax),
    [card.street, card.city, card.state, card.postalCode, card.country].some(Boolean) ? `ADR;TYPE=WORK:;;${[card.street, card.city, card.state, card.postalCode, card.country].map(text).join(';')}` : '',
    line('URL', card.website), `SOURCE:${page}`, 'END:VCARD',
  ];
  return lines.filter(Boolean).map(fold).join('\r\n') + '\r\n';
}

/** Offers it as a file. */
export function saveVCard(card: Card) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([vCard(card, location.href)], { type: 'text/vcard;charset=utf-8' }));
  link.download = `${[card.firstName, card.lastName].filter(Boolean).join(' ').replace(/[^\p{L}\p{N} ._-]/gu, '').trim() || 'contact'}.vcf`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

const text = (value?: string | null) => (value ?? '').replace(/[\\;,]/g, (sign) => `\\${sign}`).replace(/\r\n|\r|\n/g, '\\n');

const line = (name: string, value?: string | null) => value ? `${name}:${text(value)}` : '';

/** At most 75 bytes a line; what is longer goes on in the next, after a space. */
function fold(whole: string) {
  const bytes = new TextEncoder();
  let folded = '', length = 0;
  for (const sign of whole) {
    const size = bytes.encode(sign).length;
    if (length + size > 75) { folded += '\r\n '; length = 1; }
    folded += sign;
    length += size;
  }
  return folded;
}
