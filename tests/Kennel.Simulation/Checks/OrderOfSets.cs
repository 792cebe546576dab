using System.Globalization;
using Kennel.Client;
using Kennel.Objects;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;

namespace Kennel.Simulation.Checks;

/// <summary>
/// Ordinals in order under OrderedReady: made upwards, each when those below it have become Ready; taken away downwards. A rollout touches only what the
/// strategy lets it, and goes on only when what it has made has become Ready. A controller acts on what it last saw: what is asked here is what it must
/// have seen, which is at least everything that it was told it had written.
/// </summary>
sealed class OrderOfSets(World world) : ICheck
{
    sealed class Member(Pod pod, long created)
    {
        public Pod Pod { get; set; } = pod;

        public long Created => created;

        public bool WasReady { get; set; }

        /// <summary>The controller was told that its creation succeeded.</summary>
        public bool Known { get; set; }
    }

    sealed class Followed(string uid)
    {
        public string Uid => uid;

        /// <summary>Every form that the set had, with the revision from which on.</summary>
        public List<(long From, StatefulSet Set)> Forms { get; } = [];

        public SortedDictionary<int, Member> Members { get; } = [];

        /// <summary>Ordinals of which a pod was Ready once.</summary>
        public SortedSet<int> WereReady { get; } = [];

        public StatefulSet Now => Forms[^1].Set;

        /// <summary>Whether some form that the controller may have seen while a pod lived allows something.</summary>
        public bool Ever(long since, Func<StatefulSet, bool> allows)
        {
            for (var i = Forms.Count - 1; i >= 0; i--)
            {
                if (allows(Forms[i].Set)) return true;
                if (Forms[i].From <= since) return false;
            }
            return false;
        }
    }

    readonly SortedDictionary<string, Followed> _sets = new(StringComparer.Ordinal);
    readonly SortedDictionary<string, Member> _byUid = new(StringComparer.Ordinal);
    readonly SortedSet<string> _troubled = new(StringComparer.Ordinal);

    public void Changed(IObject? before, IObject? after, long revision)
    {
        switch (after ?? before)
        {
            case StatefulSet set: Follow(set, revision); break;
            case Objects.Core.Node node when after is null || node.Spec?.Taints.Any(t => t.Effect == "NoExecute") == true: _troubled.Add(node.Metadata.Name!); break;
            case Pod pod: Follow(before as Pod, after as Pod, pod, revision); break;
        }
    }

    public void Acknowledged(ApiCall call, ApiAnswer answer)
    {
        if (call.Method != "POST" || answer.Status != 201 || !call.Path.EndsWith("/pods", StringComparison.Ordinal)) return;
        var change = world.Truth.History.At(History.RevisionIn(answer.Body.Span));
        if (_byUid.Values.FirstOrDefault(m => m.Created == change.Entry.Modified) is { } member) member.Known = true;
    }

    void Follow(StatefulSet set, long revision)
    {
        var uid = set.Metadata.Uid!;
        if (!_sets.TryGetValue(uid, out var followed)) _sets.Add(uid, followed = new(uid));
        followed.Forms.Add((revision, set));
    }

    void Follow(Pod? before, Pod? after, Pod pod, long revision)
    {
        if (Ordinal(pod) is not { } ordinal) return;
        var (was, now) = (SetOf(before), SetOf(after));
        if (before is { Metadata.DeletionTimestamp: null } && after is null or { Metadata.DeletionTimestamp: not null } && was is not null && MemberOf(was, ordinal, pod) is { } leaving)
            TakenAway(was, ordinal, leaving, before!);
        if (was is not null && was != now && MemberOf(was, ordinal, pod) is not null) was.Members.Remove(ordinal);
        if (now is not null && was != now)
        {
            if (before is null) Made(now, ordinal, pod);
            now.Members[ordinal] = _byUid[pod.Metadata.Uid!] = new(pod, revision); // made, or adopted
        }
        if (now is null || after is null || MemberOf(now, ordinal, pod) is not { } member) return;
        member.Pod = after;
        if (!IsReady(after)) return;
        member.WasReady = true;
        now.WereReady.Add(ordinal);
    }

    Followed? SetOf(Pod? pod) => pod?.Metadata.ControllerUid() is { } uid ? _sets.GetValueOrDefault(uid) : null;

    static Member? MemberOf(Followed set, int ordinal, Pod pod) => set.Members.GetValueOrDefault(ordinal) is { } member && member.Pod.Metadata.Uid == pod.Metadata.Uid ? member : null;

    void Made(Followed set, int ordinal, Pod pod)
    {
        if (set.Now.Spec?.PodManagementPolicy == "Parallel") return;
        for (var below = set.Now.Spec?.Ordinals?.Start ?? 0; below < ordinal; below++)
        {
            var there = set.Members.GetValueOrDefault(below);
            if (there is { Known: true, WasReady: false } || there is null && !set.WereReady.Contains(below))
                world.Loop.Fail($"{pod.Metadata.Name} is made although ordinal {below} has not become Ready");
        }
    }

    void TakenAway(Followed set, int ordinal, Member member, Pod before)
    {
        var uid = member.Pod.Metadata.Uid!;
        var leaving = set.Ever(member.Created, s => s.Metadata.DeletionTimestamp is not null) || !world.Truth.All<StatefulSet>().Any(s => s.Metadata.Uid == set.Uid);
        if (leaving || world.Truth.Excused.Deleted.Contains(uid) || before.Status?.Phase is "Failed" or "Succeeded" || before.Spec?.NodeName is { } node && _troubled.Contains(node)) return;
        var outside = set.Ever(member.Created, s => !Inside(s, ordinal));
        var rolled = set.Ever(member.Created, s => s.Spec?.UpdateStrategy?.Type is null or "RollingUpdate" && ordinal >= (s.Spec?.Ordinals?.Start ?? 0) + (s.Spec?.UpdateStrategy?.RollingUpdate?.Partition ?? 0));
        if (!outside && !rolled) world.Loop.Fail($"{before.Metadata.Name} is deleted, but it is wanted and its update isn't");
        foreach (var (other, above) in set.Members)
        {
            if (other <= ordinal || !above.Known) continue;
            if (outside && !rolled && !Inside(set.Now, other) && set.Now.Spec?.PodManagementPolicy != "Parallel") world.Loop.Fail($"{before.Metadata.Name} is taken away while {above.Pod.Metadata.Name} is there");
            if (!outside && !above.WasReady && above.Pod.Metadata.DeletionTimestamp is null && set.Now.Spec?.UpdateStrategy?.RollingUpdate?.MaxUnavailable is null)
                world.Loop.Fail($"the rollout takes {before.Metadata.Name} away before {above.Pod.Metadata.Name} has become Ready");
        }
    }

    static bool Inside(StatefulSet set, int ordinal)
    {
        var start = set.Spec?.Ordinals?.Start ?? 0;
        return ordinal >= start && ordinal < start + (set.Spec?.Replicas ?? 1);
    }

    static bool IsReady(Pod pod) => pod.Status?.Phase == "Running" && pod.Status.Conditions.Any(c => c is { Type: "Ready", Status: "True" });

    static int? Ordinal(Pod pod)
    {
        var name = pod.Metadata.Name!;
        return int.TryParse(name.AsSpan(name.LastIndexOf('-') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal) ? ordinal : null;
    }
}
