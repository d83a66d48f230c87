import { Alert, Button, Code, CopyButton } from '@mantine/core';
import { IconCopy } from '@tabler/icons-react';
import type { ReactNode } from 'react';

/** Text to copy: code for a page of one's own, an address. */
export function Copyable({ label, text }: { label: string; text: string }) {
  return (
    <div>
      <div style={{ display: 'flex', justifyContent: 'space-between', alignItems: 'center', gap: 8, marginBottom: 4 }}>
        <b>{label}</b>
        <CopyButton value={text}>{({ copied, copy }) => <Button variant="default" leftSection={<IconCopy size={14} aria-hidden />} onClick={copy} aria-live="polite">{copied ? 'Copied' : 'Copy'}</Button>}</CopyButton>
      </div>
      <Code block tabIndex={0} aria-label={label} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', maxHeight: 260, overflow: 'auto' }}>{text}</Code>
    </div>
  );
}

/** Something that is shown once and never again. */
export function Once({ children, parts, onDone }: { children: ReactNode; parts: [string, string][]; onDone: () => void }) {
  return (
    <Alert color="yellow" title="Copy this now: it is shown only once">
      <p>{children}</p>
      <div style={{ display: 'flex', flexDirection: 'column', gap: 12, margin: '12px 0' }}>{parts.map(([label, text]) => <Copyable key={label} label={label} text={text} />)}</div>
      <Button onClick={onDone}>I have kept it</Button>
    </Alert>
  );
}
