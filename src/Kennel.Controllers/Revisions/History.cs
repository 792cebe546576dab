using System.Collections.Immutable;
using System.Globalization;
using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Revisions;

/// <summary>Which revisions a set has and which it is at.</summary>
/// <param name="Current">What pods come from that are not to be updated yet.</param>
/// <param name="Update">What the set's template is.</param>
/// <param name="Steps">What makes it so: a new revision, or an old one that is the newest again.</param>
public sealed record History(
    ImmutableArray<ControllerRevision> All, ControllerRevision Current, ControllerRevision Update, int Collisions, ImmutableArray<Step> Steps)
{
    public const string HashLabel = "controller.kubernetes.io/hash";

    /// <summary>How much of the set's name a revision's name keeps: names end at 253, hash and dash take 30 at most.</summary>
    const int PrefixLength = 223;

    /// <param name="revisions">Those that the set controls.</param>
    /// <param name="foreign">Looks up a revision of any owner by name.</param>
    /// <param name="label">Under which a revision carries its hash.</param>
    public static History Choose(
        IObject set, PodTemplateSpec template, string? currentName, int collisions, IEnumerable<ControllerRevision> revisions, Func<string, ControllerRevision?> foreign,
        string label = HashLabel)
    {
        var all = revisions.OrderBy(r => r.Revision).ThenBy(r => r.Metadata.CreationTimestamp).ThenBy(r => r.Metadata.Name, StringComparer.Ordinal).ToImmutableArray();
        var next = all.IsEmpty ? 1 : all[^1].Revision + 1;
        ImmutableArray<Step> steps = [];
        ControllerRevision update;
        if (all.LastOrDefault(r => r.Stores(template)) is { } known)
        {
            update = known;
            if (known != all[^1])
            {
                update = known with { Revision = next };
                steps = [new Step.Update(update)];
                all = all.Remove(known).Add(update);
            }
        }
        else
        {
            (update, collisions) = Make(set, template, next, collisions, foreign, label);
            if (foreign(update.Metadata.Name!) is null) steps = [new Step.Create(update)];
            all = all.Add(update);
        }
        return new(all, all.FirstOrDefault(r => r.Metadata.Name == currentName) ?? update, update, collisions, steps);
    }

    /// <summary>Deletes the oldest revisions that nothing names any more, beyond the limit; a negative limit keeps all.</summary>
    public ImmutableArray<Step> Truncate(IEnumerable<string?> named, int limit)
    {
        if (limit < 0 || All.Length - 1 <= limit) return [];
        var live = new HashSet<string?>(named, StringComparer.Ordinal) { Current.Metadata.Name, Update.Metadata.Name };
        var old = All.Where(r => !live.Contains(r.Metadata.Name)).ToList();
        return [.. old.Take(Math.Max(0, old.Count - limit)).Select(r => new Step.Delete(ControllerRevision.Resource, ObjectKey.Of(r), r.Metadata.Uid) { MayFail = true })];
    }

    static (ControllerRevision, int) Make(IObject set, PodTemplateSpec template, long number, int collisions, Func<string, ControllerRevision?> foreign, string label)
    {
        var data = TemplatePatch.Of(template);
        var firstHash = RevisionHash.Of(data, collisions);
        while (true)
        {
            var name = Name(set.Metadata.Name ?? "", RevisionHash.Of(data, collisions));
            if (foreign(name) is not { } there) return (New(set, template, name, data, label, firstHash, number), collisions);
            if (there.Stores(template)) return (there, collisions);
            collisions++;
        }
    }

    static ControllerRevision New(IObject set, PodTemplateSpec template, string name, string data, string label, string hash, long number) => new()
    {
        Metadata = new()
        {
            Name = name,
            Namespace = set.Metadata.Namespace,
            Labels = new SortedDictionary<string, string>(template.Metadata.Labels.ToDictionary(), StringComparer.Ordinal) { [label] = hash },
            Annotations = set.Metadata.Annotations,
            OwnerReferences = [set.ControllerReference()],
        },
        Data = new RawJson(data),
        Revision = number,
    };

    static string Name(string set, string hash) =>
        string.Create(CultureInfo.InvariantCulture, $"{(set.Length > PrefixLength ? set[..PrefixLength] : set)}-{hash}");
}
