using System.Text.Json.Nodes;
using Kennel.Simulation.Running;

namespace Kennel.Simulation.Users;

/// <summary>What users do to a cluster.</summary>
sealed partial class User
{
    async Task Act()
    {
        var set = $"s{Loop.Random.Next(_world.Wishes.Sets)}";
        switch (Loop.Random.Next(16))
        {
            case 0 or 1 or 2: await Scale(Sets, set); break;
            case 3 or 4: await Roll(Sets, set, ++_image); break;
            case 5: await Roll(Sets, set, Math.Max(1, _image - 1)); break;
            case 6 or 7: await DeletePod(force: false); break;
            case 8: await DeletePod(force: true); break;
            case 9: await DeleteSet(set); break;
            case 10: await Cordon(Loop.Pick(_world.Nodes).Name, Loop.Chance(0.5)); break;
            case 11: await Drain(Loop.Pick(_world.Nodes).Name); break;
            case 12: await LoseNode(); break;
            case 13: await ChangePolicy(set); break;
            case 14 when _world.Wishes.Deployments > 0: await (Loop.Chance(0.5) ? Scale(Deployments, "d0") : Roll(Deployments, "d0", ++_image)); break;
            case 15: await DeleteClaim(); break;
            default: await Strategy(set); break;
        }
    }

    async Task Scale(string kind, string name)
    {
        var replicas = Loop.Random.Next(0, Loop.Chance(0.2) ? 8 : 5);
        Say("scales", $"{name} to {replicas}");
        await Patch($"{kind}/{name}{(Loop.Chance(0.5) ? "/scale" : "")}", $$"""{"spec":{"replicas":{{replicas}} } }""");
    }

    async Task Roll(string kind, string name, int image)
    {
        Say("rolls", $"{name} to {Manifest.Image(image)}");
        await Send("PATCH", $"{kind}/{name}", $$"""{"spec":{"template":{"spec":{"containers":[{"name":"main","image":"{{Manifest.Image(image)}}" }] } } } }""", "application/strategic-merge-patch+json");
    }

    async Task DeletePod(bool force)
    {
        var pods = await List(Pods);
        if (pods.Count == 0) return;
        var pod = Loop.Pick(pods);
        var (name, uid) = ((string)pod["metadata"]!["name"]!, (string)pod["metadata"]!["uid"]!);
        Say(force ? "forces" : "deletes", name);
        _world.Truth.Excused.Deleted.Add(uid);
        if (force) _world.Truth.Excused.Forced.Add(uid);
        var grace = force ? ",\"gracePeriodSeconds\":0" : "";
        await Send("DELETE", $"{Pods}/{name}", $$"""{"apiVersion":"v1","kind":"DeleteOptions","preconditions":{"uid":"{{uid}}"}{{grace}}}""");
    }

    async Task DeleteSet(string name)
    {
        var how = Loop.Pick(["Background", "Foreground", "Orphan"]);
        Say("deletes", $"set {name}", how);
        await Send("DELETE", $"{Sets}/{name}", $$"""{"apiVersion":"v1","kind":"DeleteOptions","propagationPolicy":"{{how}}"}""");
        await Task.Delay(Loop.Some(TimeSpan.Zero, TimeSpan.FromSeconds(30)), _process.Clock);
        if (Loop.Chance(0.7)) await Send("POST", Sets, Manifest.Set(name, Loop.Random, _world.Wishes.Claimed.Contains(name)));
    }

    async Task Cordon(string node, bool cordon)
    {
        Say(cordon ? "cordons" : "uncordons", node);
        await Patch($"{NodesPath}/{node}", $$"""{"spec":{"unschedulable":{{(cordon ? "true" : "null")}} } }""");
    }

    async Task Drain(string node)
    {
        await Cordon(node, true);
        foreach (var pod in await List(Pods))
        {
            if ((string?)pod["spec"]!["nodeName"] != node) continue;
            var (name, uid) = ((string)pod["metadata"]!["name"]!, (string)pod["metadata"]!["uid"]!);
            Say("evicts", name);
            _world.Truth.Excused.Deleted.Add(uid);
            await Send("POST", $"{Pods}/{name}/eviction", $$"""{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"{{name}}"},"deleteOptions":{"preconditions":{"uid":"{{uid}}"} } }""");
        }
        await Task.Delay(Loop.Some(TimeSpan.Zero, TimeSpan.FromSeconds(20)), _process.Clock);
        await Cordon(node, false);
    }

    /// <summary>A machine burns down: the user knows that nothing runs there any more, says so, and later brings the machine back. Or the user deletes the node.</summary>
    async Task LoseNode()
    {
        if (!_world.Wishes.PowerLosses) return;
        var node = Loop.Pick(_world.Nodes);
        node.PowerOff();
        if (Loop.Chance(0.3))
        {
            Say("deletes", $"node {node.Name}");
            await Send("DELETE", $"{NodesPath}/{node.Name}");
        }
        else await OutOfService(node.Name, true);
        await Task.Delay(Loop.Some(TimeSpan.Zero, TimeSpan.FromSeconds(90)), _process.Clock);
        await OutOfService(node.Name, false);
        if (!node.Up) node.Start();
    }

    async Task OutOfService(string node, bool gone)
    {
        if (await Get($"{NodesPath}/{node}") is not { } found) return;
        var taints = found["spec"]?["taints"]?.AsArray().Select(t => t!.AsObject()).Where(t => (string?)t["key"] != "node.kubernetes.io/out-of-service").Select(t => t.DeepClone()).ToList() ?? [];
        if (!gone && taints.Count == (found["spec"]?["taints"]?.AsArray().Count ?? 0)) return;
        if (gone) taints.Add(JsonNode.Parse("""{"key":"node.kubernetes.io/out-of-service","value":"nodeshutdown","effect":"NoExecute"}""")!);
        Say(gone ? "taints" : "untaints", node);
        await Patch($"{NodesPath}/{node}", new JsonObject { ["spec"] = new JsonObject { ["taints"] = new JsonArray([.. taints]) } }.ToJsonString());
    }

    async Task ChangePolicy(string name)
    {
        var (deleted, scaled) = (Loop.Pick(["Retain", "Delete"]), Loop.Pick(["Retain", "Delete"]));
        Say("retains", name, $"{deleted}/{scaled}");
        await Patch($"{Sets}/{name}", $$"""{"spec":{"persistentVolumeClaimRetentionPolicy":{"whenDeleted":"{{deleted}}","whenScaled":"{{scaled}}"} } }""");
    }

    async Task Strategy(string name)
    {
        var strategy = Loop.Random.Next(3) switch
        {
            0 => """{"type":"OnDelete","rollingUpdate":null}""",
            1 => $$"""{"type":"RollingUpdate","rollingUpdate":{"partition":{{Loop.Random.Next(4)}} } }""",
            _ => """{"type":"RollingUpdate","rollingUpdate":{"partition":0}}""",
        };
        Say("strategy", name, strategy);
        await Patch($"{Sets}/{name}", $$"""{"spec":{"updateStrategy":{{strategy}} } }""");
    }

    async Task DeleteClaim()
    {
        var claims = await List(Claims);
        if (claims.Count == 0) return;
        var claim = Loop.Pick(claims);
        var (name, uid) = ((string)claim["metadata"]!["name"]!, (string)claim["metadata"]!["uid"]!);
        Say("deletes", $"claim {name}");
        _world.Truth.Excused.Claims.Add(uid);
        await Send("DELETE", $"{Claims}/{name}", $$"""{"apiVersion":"v1","kind":"DeleteOptions","preconditions":{"uid":"{{uid}}"} }""");
    }

    /// <summary>A claim that was deleted before its pod could run waits for the pod, and the pod for the claim: here and upstream somebody has to delete the pod.</summary>
    async Task FreeClaims()
    {
        var leaving = (await List(Claims)).Where(c => c["metadata"]!["deletionTimestamp"] is not null).Select(c => (string)c["metadata"]!["name"]!).ToHashSet(StringComparer.Ordinal);
        foreach (var pod in await List(Pods))
        {
            if ((string?)pod["status"]?["phase"] != "Pending" || pod["spec"]?["volumes"]?.AsArray().Any(v => leaving.Contains((string?)v!["persistentVolumeClaim"]?["claimName"] ?? "")) != true) continue;
            var (name, uid) = ((string)pod["metadata"]!["name"]!, (string)pod["metadata"]!["uid"]!);
            Say("frees", name);
            _world.Truth.Excused.Deleted.Add(uid);
            await Send("DELETE", $"{Pods}/{name}", $$"""{"apiVersion":"v1","kind":"DeleteOptions","preconditions":{"uid":"{{uid}}"} }""");
        }
    }

    void Say(string verb, string what, string more = "") => _world.Say("user", verb, what, more);
}
