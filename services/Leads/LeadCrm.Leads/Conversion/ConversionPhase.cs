namespace LeadCrm.Leads.Conversion;

/// <summary>How far a conversion is, as people and API clients see it (C28).</summary>
internal enum ConversionPhase
{
    /// <summary>Accepted; a participant could not be asked beforehand and has not answered yet.</summary>
    Pending,
    /// <summary>Account and contact are being made or filled.</summary>
    Accounts,
    /// <summary>The opportunity is being made or attached.</summary>
    Opportunity,
    /// <summary>The lead is converted; what was provisional is being revealed, what hung on the lead is being carried over.</summary>
    Relinking,
    /// <summary>Over: everything is there.</summary>
    Completed,
    /// <summary>Something was refused or took too long; what was done is being undone.</summary>
    Compensating,
    /// <summary>Over: everything is undone and the lead is free.</summary>
    Failed,
}

/// <summary>From the saga's states to what people see.</summary>
internal static class ConversionPhases
{
    public static ConversionPhase Of(string state, bool wasChecked) => state switch
    {
        nameof(ConversionStateMachine.CreatingAccount) => wasChecked ? ConversionPhase.Accounts : ConversionPhase.Pending,
        nameof(ConversionStateMachine.CreatingOpportunity) => ConversionPhase.Opportunity,
        nameof(ConversionStateMachine.Revealing) => ConversionPhase.Relinking,
        nameof(ConversionStateMachine.Completed) => ConversionPhase.Completed,
        nameof(ConversionStateMachine.UndoingOpportunity) or nameof(ConversionStateMachine.UndoingAccount) => ConversionPhase.Compensating,
        nameof(ConversionStateMachine.Failed) => ConversionPhase.Failed,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Not a state of the conversion."),
    };

    public static bool IsOver(string state) =>
        state is nameof(ConversionStateMachine.Completed) or nameof(ConversionStateMachine.Failed);
}
