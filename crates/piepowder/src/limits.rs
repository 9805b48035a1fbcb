//! Caps on work and memory. A cap truncates and sets a flag; it is never an error, and the flag is never silent.
//! Invariant: limits are part of the engine's digest, for they can change a score.

/// Caps on what one listing may cost. All have defaults; the setters return the changed value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    field_bytes: u32,
    rule_matches: u32,
    evidence: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { field_bytes: 262_144, rule_matches: 64, evidence: 4_096 }
    }
}

impl Limits {
    /// The default limits.
    pub fn new() -> Self {
        Self::default()
    }

    /// Longest text of a field that is read, in bytes (default 262,144; at most 16 MiB). More is cut, with the flag `truncated`.
    pub fn with_field_bytes(mut self, bytes: u32) -> Self {
        self.field_bytes = bytes.clamp(16, 1 << 24);
        self
    }

    /// Most matches of one rule that are kept (default 64). More set the flag `matches_capped`, and the rule cannot be excused.
    pub fn with_rule_matches(mut self, matches: u32) -> Self {
        self.rule_matches = matches.clamp(1, 4_096);
        self
    }

    /// Most rules that are weighed (default and most 4,096, so that an `i32` cannot overflow). More set the flag `evidence_capped`.
    pub fn with_evidence(mut self, rules: u32) -> Self {
        self.evidence = rules.clamp(1, 4_096);
        self
    }

    /// Longest text of a field that is read, in bytes.
    pub fn field_bytes(&self) -> u32 {
        self.field_bytes
    }

    /// Most matches of one rule that are kept.
    pub fn rule_matches(&self) -> u32 {
        self.rule_matches
    }

    /// Most rules that are weighed.
    pub fn evidence(&self) -> u32 {
        self.evidence
    }
}
