using System.Globalization;
using System.Text.RegularExpressions;

namespace Kennel.Controllers.Tests.Model.Check;

/// <summary>
/// What has to be done about a set, told once more: straight from the specification, section by section, in the plainest words, with nothing
/// of the product in it. Each step is a line.
/// </summary>
sealed class Oracle(World w)
{
    readonly List<string> _steps = [];
    readonly List<OnePod?> _replicas = [];
    readonly List<OnePod> _condemned = [];
    int _updates;
    bool _refused;
    string _update = "", _current = "", _condition = "";

    Set Set => w.Set;

    public static List<string> Sync(World world)
    {
        var oracle = new Oracle(world);
        oracle.Sync();
        return oracle._steps;
    }

    void Sync()
    {
        if (!Set.Deleting) // SS-233 … SS-238, SS-348, SS-607
        {
            foreach (var p in w.Pods.Where(p => p.Controller == Set.Uid && !Belongs(p))) _steps.Add($"release {p.Name}");
            foreach (var p in w.Pods.Where(p => p.Controller is null && Belongs(p) && !p.Terminating)) _steps.Add($"adopt {p.Name}");
            foreach (var r in w.Revisions.Where(r => r.Controller is null && Selects(r.Labels))) _steps.Add($"adopt revision {r.Name}");
            if (_steps.Count > 0) return; // the rest comes in the next sync
        }
        var ours = w.Revisions.Where(r => r.Controller == Set.Uid).OrderBy(r => r.Number).ThenBy(r => r.Created).ThenBy(r => r.Name, StringComparer.Ordinal).ToList();
        var bookkeeping = Revisions(ours);
        if (Set.Deleting) bookkeeping.Clear(); // Kennel's own rule: the collector takes revisions away meanwhile
        Sort();
        if (!Set.Deleting) Work();
        var status = Counters();
        Truncate(ours, status);
        _steps.InsertRange(_steps.TakeWhile(s => s.StartsWith("forget", StringComparison.Ordinal)).Count(), bookkeeping);
        if (Differs(status)) _steps.Add($"status {status}");
    }

    bool Selects(Dictionary<string, string> labels) => Set.Selector.All(s => labels.GetValueOrDefault(s.Key) == s.Value);

    /// <summary>SS-103, SS-104, SS-234.</summary>
    bool Belongs(OnePod p) => Parent(p.Name) == Set.Name && Selects(p.Labels);

    static string? Parent(string name) => Regex.Match(name, "^(.*)-([0-9]+)$") is { Success: true } m ? m.Groups[1].Value : null;

    static int Ordinal(string name) =>
        Regex.Match(name, "^(.*)-([0-9]+)$") is { Success: true } m && int.TryParse(m.Groups[2].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : -1;

    /// <summary>SS-305, SS-309, SS-310, SS-311, SS-313.</summary>
    List<string> Revisions(List<OneRevision> ours)
    {
        List<string> steps = [];
        var next = ours.Count == 0 ? 1 : ours[^1].Number + 1;
        var equal = ours.LastOrDefault(r => r.Template == Set.Template);
        if (equal is null && w.Revisions.Exists(r => r.Template == Set.Template)) return Chosen(steps, ours); // its name is taken by its like: used as it is
        if (equal is null) steps.Add($"new revision {next} of {Set.Template}");
        else if (equal != ours[^1]) steps.Add($"revision {equal.Template} becomes {next}");
        return Chosen(steps, ours);
    }

    List<string> Chosen(List<string> steps, List<OneRevision> ours)
    {
        _update = Set.Template;
        _current = Set.Status?.CurrentRevision is { } named && ours.Any(r => r.Template == named) ? named : _update;
        return steps;
    }

    void Sort()
    {
        for (var i = 0; i < Set.Replicas; i++) _replicas.Add(null);
        foreach (var p in w.Pods.Where(p => p.Controller == Set.Uid && Belongs(p)))
        {
            var index = (long)Ordinal(p.Name) - Set.Start;
            if (Ordinal(p.Name) < 0) continue;
            if (index >= 0 && index < Set.Replicas) _replicas[(int)index] = p;
            else _condemned.Add(p);
        }
        _condemned.Sort((a, b) => Ordinal(b.Name) - Ordinal(a.Name));
    }

    static bool Ready(OnePod p) => p.Phase == "Running" && p.ReadySince is not null;

    /// <summary>SS-203: the last moment included.</summary>
    bool Available(OnePod p) => p.ReadySince is { } since && (Set.MinReadySeconds == 0 || since.AddSeconds(Set.MinReadySeconds) <= w.Now);

    bool Unavailable(OnePod? p) => p is null || p.Terminating || !Available(p);

    void Work()
    {
        _condition = Set.Strategy == "Recreate" ? Set.Status?.Condition ?? "" : "";
        if (Set.Strategy == "Recreate" && ClearAway()) return;
        var blocked = MakeReplicas();
        if (blocked && !_refused) return; // a refused creation doesn't keep what is too many (Kennel's own rule)
        if (TakeAway() || blocked) return;
        if (Set.Strategy == "RollingUpdate") Roll();
    }

    /// <summary>KEP 3541: everything old goes first, new ones come when none of it is left.</summary>
    bool ClearAway()
    {
        var old = _condemned.Concat(_replicas.AsEnumerable().Reverse().OfType<OnePod>()).Where(p => p.Revision != _update).ToList();
        foreach (var p in old.Where(p => !p.Terminating)) _steps.Add($"delete {p.Name}");
        if (old.Count > 0) _condition = "RecreateInProgress";
        else if (_replicas.TrueForAll(p => p is { Terminating: false })) _condition = "RecreateComplete";
        return old.Count > 0;
    }

    /// <summary>SS-206 … SS-216, SS-223, SS-224.</summary>
    bool MakeReplicas()
    {
        for (var i = 0; i < _replicas.Count; i++)
            if (Blocks($"{Set.Name}-{Set.Start + i}", _replicas[i], Set.Start + i) && !Set.Parallel)
                return true;
        return false;
    }

    bool Blocks(string name, OnePod? p, int ordinal)
    {
        if (p is null) return Create(name, ordinal);
        if (p.Phase is "Failed" or "Succeeded")
        {
            if (!p.Terminating) _steps.Add($"delete {name}");
            return true;
        }
        if (p.Phase == "Pending")
        {
            if (!MakeClaims(name, creating: false)) return true;
            foreach (var template in Set.Templates) Own($"{template}-{name}", name, p.Uid, condemned: false);
        }
        if (!Set.Parallel && (p.Terminating || !Ready(p) || !Available(p))) return true;
        if (p.Phase != "Pending") foreach (var template in Set.Templates) Own($"{template}-{name}", name, p.Uid, condemned: false);
        var identity = p.Labels.GetValueOrDefault("statefulset.kubernetes.io/pod-name") == name; // SS-106
        var storage = Set.Templates.TrueForAll(t => p.Uses.GetValueOrDefault(t) == $"{t}-{name}"); // SS-212
        if (!identity || !storage) _steps.Add($"update {name}");
        return false;
    }

    bool Create(string name, int ordinal)
    {
        if (w.Pods.Any(p => p.Name == name)) return true; // SS-227, SS-239
        if (Set.WhenScaled && Set.Templates.Any(t => Claim($"{t}-{name}")?.Owners.Any(o => o.Kind == "Pod" && o.Name == name) == true)) return true; // SS-519
        var old = Set.Templates.Where(t => Claim($"{t}-{name}") is not null).ToList();
        if (!MakeClaims(name, creating: true)) return true;
        _steps.Add($"create {name} of {RevisionFor(ordinal)}");
        _refused = w.Refused == name;
        foreach (var template in old) Own($"{template}-{name}", name, null, condemned: false);
        return true;
    }

    /// <summary>SS-314, SS-315, SS-316.</summary>
    string RevisionFor(int ordinal)
    {
        if (Set.Strategy != "RollingUpdate") return _update;
        if (Set.Rolling) return ordinal < Set.Start + Set.Partition ? _current : _update;
        return ordinal < Set.Start + (Set.Status?.Current ?? 0) ? _current : _update;
    }

    OneClaim? Claim(string name) => w.Claims.FirstOrDefault(c => c.Name == name);

    /// <summary>SS-501, SS-503, SS-505.</summary>
    bool MakeClaims(string pod, bool creating)
    {
        foreach (var template in Set.Templates)
            if (Claim($"{template}-{pod}") is { Terminating: true } leaving)
            {
                if (creating) _steps.Add($"say pvc {leaving.Name} is being deleted");
                return false;
            }
        foreach (var template in Set.Templates)
            if (Claim($"{template}-{pod}") is null)
                _steps.Add($"claim {template}-{pod} for [{(Set.WhenDeleted ? $"StatefulSet {Set.Name} {Set.Uid} controller" : "")}]");
        return true;
    }

    /// <summary>SS-507 … SS-518.</summary>
    void Own(string name, string pod, string? uid, bool condemned)
    {
        if (Claim(name) is not { } claim) return;
        if (claim.Owners.Any(o => o.Kind == "StatefulSet" && o.Name == Set.Name && o.Uid != Set.Uid || o.Kind == "Pod" && o.Name == pod && o.Uid != uid)) return;
        var others = claim.Owners.Where(o => o.Uid != Set.Uid && o.Uid != uid).ToList();
        var foreign = others.Any(o => o.Controller);
        if (foreign && !Set.WhenDeleted && !Set.WhenScaled) return;
        List<Owner> after = [.. others];
        if (!foreign && Set.WhenDeleted && !(condemned && Set.WhenScaled)) after.Add(new("StatefulSet", Set.Name, Set.Uid, true));
        if (!foreign && Set.WhenScaled && condemned) after.Add(new("Pod", pod, uid!, true));
        if (!after.ToHashSet().SetEquals(claim.Owners)) _steps.Add($"owners of {name}: [{string.Join(", ", after)}]");
        if (foreign) _steps.Add($"say {name} has a conflicting owner");
    }

    /// <summary>SS-217 … SS-221, SS-223.</summary>
    bool TakeAway()
    {
        foreach (var p in _condemned) foreach (var template in Set.Templates) Own($"{template}-{p.Name}", p.Name, p.Uid, condemned: true);
        var first = _replicas.Exists(Unavailable) ? _replicas.Find(Unavailable) : _condemned.LastOrDefault(Unavailable);
        foreach (var p in _condemned)
        {
            if (p.Terminating && !Set.Parallel) return true;
            if (p.Terminating) continue;
            if (!Set.Parallel && !(Ready(p) && Available(p)) && p != first) return true;
            _steps.Add($"delete {p.Name}");
            if (!Set.Parallel) return true;
        }
        return false;
    }

    /// <summary>SS-321 … SS-325 where maxUnavailable is absent, SS-327 … SS-331 as of 1.37 where it is there.</summary>
    void Roll()
    {
        var partition = Set.Rolling ? Set.Partition : 0;
        var targets = Enumerable.Range(0, _replicas.Count).Reverse().Where(i => i >= partition).Select(i => _replicas[i]).ToList();
        if (Set.MaxUnavailable is not { } max)
        {
            var target = targets.Find(p => p is { Terminating: false } && p.Revision != _update || Unavailable(p));
            if (target is { Terminating: false } && target.Revision != _update) Update(target);
            return;
        }
        var limit = Math.Max(1, max.EndsWith('%') ? Set.Replicas * int.Parse(max[..^1], CultureInfo.InvariantCulture) / 100 : int.Parse(max, CultureInfo.InvariantCulture));
        var budget = limit - _replicas.Count(Unavailable);
        var old = targets.OfType<OnePod>().Where(x => x.Revision != _update && !x.Terminating).ToList();
        if (Set.Parallel) old.Where(x => !Available(x)).ToList().ForEach(Update);
        old.Where(Available).Take(Math.Max(0, budget)).ToList().ForEach(Update);
    }

    void Update(OnePod pod)
    {
        if (!_steps.Contains($"delete {pod.Name}")) _steps.Add($"delete {pod.Name}");
        _updates++; // SS-324
    }

    /// <summary>SS-701 … SS-706, SS-338.</summary>
    Status Counters()
    {
        var all = _replicas.OfType<OnePod>().Concat(_condemned).ToList();
        var status = new Status(
            Set.Generation, all.Count, all.Count(Ready), all.Count(p => Ready(p) && Available(p)),
            Math.Max(0, all.Count(p => !p.Terminating && p.Revision == _current) - _updates), all.Count(p => !p.Terminating && p.Revision == _update),
            _current, _update, _condition);
        return status.Updated == status.Ready && status.Ready == status.Replicas && status.Replicas == Set.Replicas
            ? status with { Current = status.Updated, CurrentRevision = _update } : status;
    }

    /// <summary>SS-708.</summary>
    bool Differs(Status now) => Set.Status is not { } old || now.Observed > old.Observed
        || now with { Observed = 0, Condition = "" } != old with { Observed = 0, Condition = "" } || now.Condition.Length > 0 && now.Condition != old.Condition;

    /// <summary>SS-345, SS-346.</summary>
    void Truncate(List<OneRevision> ours, Status status)
    {
        if (Set.HistoryLimit < 0) return;
        var live = _replicas.OfType<OnePod>().Concat(_condemned).Select(p => p.Revision).Concat([_current, _update, status.CurrentRevision]).ToHashSet();
        var old = ours.Where(r => !live.Contains(r.Template)).ToList();
        _steps.InsertRange(0, old.Take(Math.Max(0, old.Count - Set.HistoryLimit)).Select(r => $"forget {r.Template}"));
    }
}
