using System.Text.Json.Nodes;
using Kennel.Objects.Refusals;
using Kennel.Server.Writing;

namespace Kennel.Server.Admission;

/// <summary>An object on its way into the store.</summary>
/// <param name="Live">As it is stored; null for a new one.</param>
sealed record Admitting(Call Call, JsonObject Next, JsonObject? Live) : IDisposable
{
    readonly List<Action> _keep = [];
    readonly List<Action> _undo = [];

    /// <summary>What quotas hold for it until it is stored.</summary>
    public Quotas.Reservation? Reservation { get; set; }

    /// <summary>The limit ranges of its namespace, once somebody has asked for them.</summary>
    public IReadOnlyList<JsonObject>? LimitRanges { get; set; }

    public bool Creating => Live is null;

    public string Name => Next.Name();

    /// <summary>What follows when the object is stored, and when it isn't.</summary>
    public void Then(Action keep, Action undo)
    {
        _keep.Add(keep);
        _undo.Add(undo);
    }

    /// <summary>The object is stored.</summary>
    public void Keep()
    {
        foreach (var action in _keep) action();
        _undo.Clear();
    }

    public void Dispose()
    {
        foreach (var action in _undo) action();
        _undo.Clear();
    }

    public bool Is(string group, string kind) => Call.Type.Group == group && Call.Type.Kind == kind;

    public Refusal Forbid(string why) => Refusal.Forbidden(Call.Type, Name.Length > 0 ? Name : Call.Route.Name, why);
}
