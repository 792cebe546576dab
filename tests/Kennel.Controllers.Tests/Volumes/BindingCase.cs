using System.Text.Json.Nodes;
using Kennel.Client.Caching;
using Kennel.Client.Running;
using Kennel.Controllers.Volumes;
using Kennel.Objects.Core;
using Kennel.Objects.Storage;

namespace Kennel.Controllers.Tests.Volumes;

/// <summary>
/// One case of Cases/binding.json: objects in few words, and what the binder does about claim <c>c</c> in as few. The caches and the
/// binder are the real ones. <c>Reason! text</c> is a Warning event.
/// </summary>
static class BindingCase
{
    public static (string Then, string? Waits) Run(JsonNode test)
    {
        var caches = new Caches();
        var binder = new ClaimBinder(caches);
        binder.Watch(new Following(caches));
        foreach (var words in Texts(test["classes"])) caches.Cache<StorageClass>().Put(Class(words.Split(' ')));
        foreach (var words in Texts(test["volumes"])) caches.Cache<PersistentVolume>().Put(Volume(words.Split(' ')));
        foreach (var words in Texts(test["pods"])) caches.Cache<Pod>().Put(Make.Pod(words.Split(" on ")[0], words.Split(" on ").ElementAtOrDefault(1), claims: "c"));
        caches.Cache<PersistentVolumeClaim>().Put(Claim(((string?)test["claim"] ?? "c 1Gi RWO").Split(' ')));
        var decision = binder.Reconcile(new("default", "c"), new(Make.Now, new Random(1)));
        return (Told(decision), decision.WaitingFor);
    }

    static string Told(Decision decision)
    {
        var steps = decision.Steps;
        if (steps.Any(s => s is Step.Update or Step.Patch { Resource.Plural: "persistentvolumes" }) || steps.Any(s => s is Step.Patch { Subresource: "status" } p && p.Json.Contains("\"Bound\"", StringComparison.Ordinal)))
            return Bound(steps);
        return string.Join("; ", steps.Select(Told).Where(t => t.Length > 0));
    }

    static string Told(Step step)
    {
        var said = step.Done is { } n ? $"{n.Reason}{(n.Warning ? "!" : "")} {n.Message}" : "";
        if (step is not Step.Patch patch) return said;
        var json = JsonNode.Parse(patch.Json)!;
        return (string?)json["spec"]?["storageClassName"] is { } kind ? $"class {kind}"
            : (string?)json["metadata"]?["annotations"]?[Marks.Provisioner] is { } provisioner ? $"provisioner {provisioner}"
            : (string?)json["status"]?["phase"] is "Lost" ? $"Lost {said}" : said;
    }

    /// <summary>All four writes are "binds"; fewer are told one by one.</summary>
    static string Bound(IEnumerable<Step> steps)
    {
        var volume = "";
        var done = new List<string>();
        var how = "";
        foreach (var step in steps)
        {
            if (step is Step.Update { Object: PersistentVolume v })
            {
                volume = v.Metadata.Name!;
                done.Add("reserve");
                v.Spec!.ClaimRef!.Uid.ShouldBe("uid-c");
                if (!v.Metadata.Annotations.ContainsKey(Marks.BoundByController)) how += " reserved";
            }
            if (step is Step.Patch { Resource.Plural: "persistentvolumes" } phase)
            {
                volume = phase.Key.Name;
                done.Add("phase");
            }
            if (step is not Step.Patch { Resource.Plural: "persistentvolumeclaims" } patch) continue;
            var json = JsonNode.Parse(patch.Json)!;
            if (patch.Subresource == "status") done.Add("status");
            else
            {
                volume = (string)json["spec"]!["volumeName"]!;
                var annotations = json["metadata"]!["annotations"]!;
                ((string?)annotations[Marks.BindCompleted]).ShouldBe("yes");
                if (annotations[Marks.BoundByController] is null) how = " named" + how;
                done.Add((string?)annotations[Marks.Provisioner] is { } by ? $"claim of {by}" : "claim");
            }
        }
        if (volume.Length == 0) volume = "v";
        return done is ["reserve", "phase", "claim", "status"] ? $"binds {volume}{how}" : $"finishes {volume}: {string.Join(", ", done)}";
    }

    static PersistentVolumeClaim Claim(string[] words)
    {
        var claim = Make.Claim(words[0], Value(words, "class")?.Trim('"'), words[1], volume: Value(words, "volume"));
        var spec = claim.Spec! with { AccessModes = Modes(words[2]), VolumeMode = words.Contains("block") ? "Block" : null, VolumeAttributesClassName = Value(words, "attributes") };
        if (Value(words, "selector") is { } labels) spec = spec with { Selector = new() { MatchLabels = Labels(labels) } };
        if (Value(words, "without") is { } absent) spec = spec with { Selector = new() { MatchExpressions = [new() { Key = absent, Operator = "DoesNotExist" }] } };
        claim = claim with { Spec = spec };
        if (Value(words, "beta") is { } beta) claim = claim.Noted(Marks.BetaClass, beta);
        if (Value(words, "selected") is { } node) claim = claim.Noted(Marks.SelectedNode, node);
        if (words.Contains("done")) claim = claim.Noted(Marks.BindCompleted, "yes");
        if (words.Contains("young")) claim = claim with { Metadata = claim.Metadata with { CreationTimestamp = Make.Now } };
        if (Value(words, "age") is { } seconds) claim = claim with { Metadata = claim.Metadata with { CreationTimestamp = Make.Now.AddSeconds(-int.Parse(seconds)) } };
        return words.Contains("bound") ? claim with { Status = new() { Phase = "Bound", AccessModes = spec.AccessModes } }
            : words.Contains("lost") ? claim with { Status = new() { Phase = "Lost" } } : claim;
    }

    static PersistentVolume Volume(string[] words)
    {
        var volume = Make.Volume(words[0], words[1], Value(words, "class"), Value(words, "phase") ?? "Available", [.. Modes(words[2])]);
        var annotations = Make.Map([.. Pair(Marks.BetaClass, Value(words, "beta")), .. Pair(Marks.ProvisionedBy, Value(words, "by"))]);
        volume = volume with
        {
            Metadata = volume.Metadata with { Annotations = annotations, Labels = Labels(Value(words, "labels")), DeletionTimestamp = words.Contains("leaving") ? Make.Now : null },
            Spec = volume.Spec! with { VolumeMode = words.Contains("block") ? "Block" : null, VolumeAttributesClassName = Value(words, "attributes") },
        };
        if (Value(words, "for") is not { } name) return volume;
        var (space, claim) = name.Split('/') is [var s, var c] ? (s, c) : ("default", name);
        return volume with { Spec = volume.Spec with { ClaimRef = new() { Kind = "PersistentVolumeClaim", Namespace = space, Name = claim, Uid = Value(words, "uid") } } };
    }

    static StorageClass Class(string[] words)
    {
        var kind = Make.Class(words[0], words.FirstOrDefault(w => w.Contains('/')) ?? "x.io/y", words.Contains("waits"), words.Contains("default"));
        if (words.Contains("betadefault")) kind = kind with { Metadata = kind.Metadata with { Annotations = Make.Map((Marks.BetaDefaultClass, "true")) } };
        return words.Contains("newer") ? kind with { Metadata = kind.Metadata with { CreationTimestamp = Make.Now } } : kind;
    }

    static string? Value(string[] words, string name) => words.FirstOrDefault(w => w.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];

    static (string, string)[] Pair(string key, string? value) => value is null ? [] : [(key, value)];

    static SortedDictionary<string, string> Labels(string? text) => Make.Map([.. (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(p => (p.Split('=')[0], p.Split('=')[1]))]);

    static string[] Modes(string text) =>
        [.. text.Split(',').Select(m => m switch { "RWO" => "ReadWriteOnce", "ROX" => "ReadOnlyMany", "RWX" => "ReadWriteMany", _ => "ReadWriteOncePod" })];

    static IEnumerable<string> Texts(JsonNode? list) => list?.AsArray().Select(t => (string)t!) ?? [];
}
