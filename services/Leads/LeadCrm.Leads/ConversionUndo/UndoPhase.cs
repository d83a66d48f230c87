namespace LeadCrm.Leads.ConversionUndo;

/// <summary>How far an undo is, as people and API clients see it.</summary>
internal enum UndoPhase
{
    /// <summary>What is to be removed is held, so that nobody changes it, and looked at once more.</summary>
    Holding,
    /// <summary>Something stands in the way, or it took too long: what was held is let go.</summary>
    PuttingBack,
    /// <summary>The lead is a lead again; records are removed, values and links put back.</summary>
    Finishing,
    /// <summary>Over: the conversion is undone.</summary>
    Undone,
    /// <summary>Over: nothing was changed, see the reason.</summary>
    GivenUp,
}

/// <summary>From the saga's states to what people see.</summary>
internal static class UndoPhases
{
    public static UndoPhase Of(string state) => Enum.Parse<UndoPhase>(state);

    public static bool IsOver(string state) => state is nameof(UndoStateMachine.Undone) or nameof(UndoStateMachine.GivenUp);
}
