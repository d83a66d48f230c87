/** LeadCrm's mark. */
export function Mark({ size }: { size: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="#3b5bdb" />
      <path d="M7 8h18l-7 9v6l-4 2v-8z" fill="#fff" />
    </svg>
  );
}
