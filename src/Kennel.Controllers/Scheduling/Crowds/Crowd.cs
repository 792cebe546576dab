namespace Kennel.Controllers.Scheduling.Crowds;

/// <summary>The guests that all of some terms select.</summary>
/// <param name="Living">Guests that are going away don't count.</param>
public sealed record Crowd(string Id, IReadOnlyList<Term> Terms, bool Living, Tally Tally)
{
    public Label? Anchor { get; } = Terms.Count == 0 ? null : Terms[0].Anchor;

    public bool Has(Guest guest)
    {
        if (Living && guest.Terminating) return false;
        foreach (var term in Terms) if (!term.Selects(guest)) return false;
        return true;
    }

    public static string IdOf(IReadOnlyList<Term> terms, bool living) => (living ? "living:" : "all:") + string.Join('&', terms.Select(t => t.Id));
}
