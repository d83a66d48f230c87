namespace LeadCrm.Chaos.Faults;

/// <summary>Points at which a process can be made to die. Known to the program that orders it and to what is loaded into services.</summary>
internal enum CrashPoint
{
    /// <summary>What was asked for is committed, with its messages; none of them is sent.</summary>
    AfterCommitBeforePublish,
    /// <summary>The broker has confirmed messages; the outbox still holds them.</summary>
    AfterPublishBeforeMarkedSent,
    /// <summary>A consumer has committed; the broker does not know, and will hand the message out again.</summary>
    AfterCommitBeforeAck,
    /// <summary>A conversion has taken the answer to a step, and committed; the next step's command is not sent.</summary>
    BetweenSagaSteps,
}
