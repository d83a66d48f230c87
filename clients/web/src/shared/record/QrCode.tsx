import { Modal, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { encode } from 'uqr';
import classes from './QrCode.module.css';
import { vCard, type Card } from './vcard';

/** A record for a telephone's camera (LD9): its page, or the person for the address book. */
export default function QrCode({ name, card, onClose }: { name: string; card: Card; onClose: () => void }) {
  const [what, setWhat] = useState('page');
  const page = `${location.origin}${location.pathname}`;
  // Without the longer fields: a camera reads a picture of a few hundred characters at once.
  const text = what === 'page' ? page : vCard({ firstName: card.firstName, lastName: card.lastName, company: card.company, title: card.title, email: card.email, phone: card.phone, mobile: card.mobile }, page);
  const code = encode(text, { ecc: 'M', border: 4 });
  const dark = code.data.flatMap((row, y) => row.map((isDark, x) => isDark ? `M${x} ${y}h1v1h-1z` : '')).join('');
  return (
    <Modal opened onClose={onClose} title={<span className="breaks">{name}</span>} size="sm" closeButtonProps={{ 'aria-label': 'Close' }}>
      <SegmentedControl fullWidth aria-label="What the code holds" data={[{ value: 'page', label: 'This page' }, { value: 'person', label: 'For the address book' }]} value={what} onChange={setWhat} />
      <svg className={classes.code} viewBox={`0 0 ${code.size} ${code.size}`} shapeRendering="crispEdges" role="img" aria-label={what === 'page' ? `QR code of the page of ${name}` : `QR code of ${name} for an address book`}>
        <rect width={code.size} height={code.size} className={classes.light} /><path d={dark} className={classes.dark} />
      </svg>
      <p className="muted small breaks">{what === 'page' ? page : 'Name, company, title, e-mail and phones.'}</p>
    </Modal>
  );
}
