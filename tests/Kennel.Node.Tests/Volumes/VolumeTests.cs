using System.Text;
using System.Text.Json.Nodes;
using Kennel.Node.Pods;
using Kennel.Node.Tests.Agent;
using Kennel.Node.Tests.Pods;
using Kennel.Node.Volumes;

namespace Kennel.Node.Tests.Volumes;

/// <summary>Volumes as real files in a temporary folder.</summary>
public sealed class VolumeTests : IDisposable
{
    readonly string _data = Directory.CreateTempSubdirectory("kennel-volumes-").FullName;
    readonly FakeApi _api = new();
    readonly LinuxHost _host = new();

    public void Dispose() => Directory.Delete(_data, recursive: true);

    VolumeSetup Setup => new(_host, new Lookup(_api), new VolumePaths(_data), new NodePlace("node-1", ["192.168.0.1"], "containerd"), new Dictionary<string, string>());

    static Observed Pod(string volumes) => PodCase.Read($$$"""
        spec {"containers":[{"name":"main","image":"a"}],"volumes":[{{{volumes}}}]}
        meta {"labels":{"app":"web"}}
        """);

    [Theory]
    [Trait("Behaviour", "SS-1137")]
    [InlineData("Directory", "is not a directory")]
    [InlineData("File", "is not a file")]
    [InlineData("Socket", "is not a socket file")]
    [InlineData("CharDevice", "is not a character device")]
    [InlineData("BlockDevice", "is not a block device")]
    public async Task A_host_path_that_is_not_there_is_told(string type, string problem)
    {
        var failed = await Should.ThrowAsync<VolumeException>(() => Setup.Ensure(Pod($$$"""{"name":"v","hostPath":{"path":"{{{_data}}}/x","type":"{{{type}}}"}}"""), default));
        failed.Message.ShouldBe($"MountVolume.SetUp failed for volume \"v\" : hostPath type check failed: {_data}/x {problem}");
    }

    [Fact]
    [Trait("Behaviour", "SS-1137")]
    public async Task A_host_path_is_made_where_its_type_says_so()
    {
        await Setup.Ensure(Pod($$$"""{"name":"d","hostPath":{"path":"{{{_data}}}/a/d","type":"DirectoryOrCreate"}},{"name":"f","hostPath":{"path":"{{{_data}}}/f","type":"FileOrCreate"}}"""), default);
        _host.Kind($"{_data}/a/d").ShouldBe(PathKind.Folder);
        _host.Mode($"{_data}/a/d").ShouldBe(0b111_101_101);
        _host.Kind($"{_data}/f").ShouldBe(PathKind.File);
        _host.Mode($"{_data}/f").ShouldBe(0b110_100_100);
    }

    [Fact]
    public async Task A_config_map_changes_in_one_step_and_old_names_go()
    {
        _api.Add("/api/v1/namespaces/default/configmaps/c", JsonNode.Parse("""{"metadata":{"name":"c"},"data":{"a":"1","b":"2"}}""")!);
        var pod = Pod("""{"name":"c","configMap":{"name":"c"}}""");
        var folder = (await Setup.Ensure(pod, default))["c"].HostPath;
        File.ReadAllText($"{folder}/a").ShouldBe("1");
        var before = _host.LinkTarget($"{folder}/..data");
        await Setup.Refresh(pod, new Lookup(_api), default);
        _host.LinkTarget($"{folder}/..data").ShouldBe(before);
        _api.Change("/api/v1/namespaces/default/configmaps/c", c => c["data"] = JsonNode.Parse("""{"a":"3","c":"4"}"""));
        await Setup.Refresh(pod, new Lookup(_api), default);
        File.ReadAllText($"{folder}/a").ShouldBe("3");
        File.ReadAllText($"{folder}/c").ShouldBe("4");
        File.Exists($"{folder}/b").ShouldBeFalse();
        Directory.GetDirectories(folder, "..0*").Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_secret_that_is_not_there_is_told_unless_it_is_optional()
    {
        var failed = await Should.ThrowAsync<VolumeException>(() => Setup.Ensure(Pod("""{"name":"s","secret":{"secretName":"s"}}"""), default));
        failed.Message.ShouldBe("MountVolume.SetUp failed for volume \"s\" : secret \"s\" not found");
        await Setup.Ensure(Pod("""{"name":"s","secret":{"secretName":"s","optional":true}}"""), default);
    }

    [Fact]
    public async Task Projected_sources_come_together_with_the_pods_own_fields()
    {
        _api.Add("/api/v1/namespaces/default/secrets/s", JsonNode.Parse($$$"""{"metadata":{"name":"s"},"data":{"password":"{{{Convert.ToBase64String("x y"u8)}}}"}}""")!);
        var pod = Pod("""{"name":"p","projected":{"sources":[{"secret":{"name":"s","items":[{"key":"password","path":"deep/pw","mode":256}]}},{"downwardAPI":{"items":[{"path":"name","fieldRef":{"fieldPath":"metadata.name"}},{"path":"labels","fieldRef":{"fieldPath":"metadata.labels"}}]}}]}}""");
        var folder = (await Setup.Ensure(pod, default))["p"].HostPath;
        File.ReadAllText($"{folder}/deep/pw").ShouldBe("x y");
        _host.Mode(_host.RealPath($"{folder}/deep/pw")!).ShouldBe(256);
        File.ReadAllText($"{folder}/name").ShouldBe("web-0");
        File.ReadAllText($"{folder}/labels").ShouldBe("app=\"web\"");
    }

    [Fact]
    public async Task Claims_lead_to_their_volumes_or_say_why_not()
    {
        var pod = Pod("""{"name":"data","persistentVolumeClaim":{"claimName":"data-web-0"}}""");
        (await Should.ThrowAsync<Exception>(() => Setup.Ensure(pod, default))).Message.ShouldContain("persistentvolumeclaims \"data-web-0\" not found");
        _api.Add("/api/v1/namespaces/default/persistentvolumeclaims/data-web-0", JsonNode.Parse("""{"metadata":{"name":"data-web-0","uid":"u"},"spec":{},"status":{"phase":"Pending"}}""")!);
        (await Should.ThrowAsync<Exception>(() => Setup.Ensure(pod, default))).Message.ShouldContain("error processing PVC default/data-web-0: PVC is not bound");
        _api.Change("/api/v1/namespaces/default/persistentvolumeclaims/data-web-0", c => (c["spec"]!["volumeName"], c["status"]!["phase"]) = ("pv", "Bound"));
        _api.Add("/api/v1/persistentvolumes/pv", JsonNode.Parse("""{"metadata":{"name":"pv"},"spec":{"claimRef":{"uid":"u"},"local":{"path":"DATA/missing"}}}""".Replace("DATA", _data, StringComparison.Ordinal))!);
        (await Should.ThrowAsync<Exception>(() => Setup.Ensure(pod, default))).Message.ShouldContain($"path \"{_data}/missing\" does not exist");
        Directory.CreateDirectory($"{_data}/missing");
        (await Setup.Ensure(pod, default))["data"].HostPath.ShouldBe($"{_data}/missing");
    }

    [Fact]
    public async Task An_ephemeral_volume_takes_no_claim_that_is_not_the_pods_own()
    {
        var pod = Pod("""{"name":"scratch","ephemeral":{}}""");
        var path = $"/api/v1/namespaces/default/persistentvolumeclaims/{pod.Pod!.Metadata.Name}-scratch";
        _api.Add(path, JsonNode.Parse("""{"metadata":{"name":"x","uid":"u"},"spec":{"volumeName":"pv"},"status":{"phase":"Bound"}}""")!);
        (await Should.ThrowAsync<Exception>(() => Setup.Ensure(pod, default))).Message
            .ShouldContain($"PVC default/{pod.Pod.Metadata.Name}-scratch was not created for pod default/{pod.Pod.Metadata.Name} (pod is not owner)");
        _api.Change(path, c => c["metadata"]!["ownerReferences"] = JsonNode.Parse($$$"""[{"apiVersion":"v1","kind":"Pod","name":"web-0","uid":"{{{pod.Pod.Metadata.Uid}}}","controller":true}]"""));
        _api.Add("/api/v1/persistentvolumes/pv", JsonNode.Parse("""{"metadata":{"name":"pv"},"spec":{"claimRef":{"uid":"u"},"hostPath":{"path":"DATA/e","type":"DirectoryOrCreate"}}}""".Replace("DATA", _data, StringComparison.Ordinal))!);
        (await Setup.Ensure(pod, default))["scratch"].HostPath.ShouldBe($"{_data}/e");
    }

    [Fact]
    [Trait("Behaviour", "SS-1124")]
    public async Task A_claim_that_is_being_deleted_gets_no_new_user()
    {
        _api.Add("/api/v1/namespaces/default/persistentvolumeclaims/c", JsonNode.Parse("""{"metadata":{"name":"c","uid":"u","deletionTimestamp":"2026-01-01T00:00:00Z"},"spec":{"volumeName":"pv"},"status":{"phase":"Bound"}}""")!);
        (await Should.ThrowAsync<Exception>(() => Setup.Ensure(Pod("""{"name":"data","persistentVolumeClaim":{"claimName":"c"}}"""), default))).Message
            .ShouldContain("error processing PVC default/c: PVC is being deleted");
    }

    [Fact]
    public async Task Taking_down_removes_what_was_made_and_nothing_else()
    {
        Directory.CreateDirectory($"{_data}/precious");
        await File.WriteAllTextAsync($"{_data}/precious/file", "data");
        var pod = Pod($$$"""{"name":"e","emptyDir":{}},{"name":"h","hostPath":{"path":"{{{_data}}}/precious"}}""");
        var places = await Setup.Ensure(pod, default);
        File.CreateSymbolicLink($"{places["e"].HostPath}/link", $"{_data}/precious");
        Setup.TearDown("u1", all: true);
        Directory.Exists($"{_data}/pods/u1").ShouldBeFalse();
        File.ReadAllText($"{_data}/precious/file").ShouldBe("data");
    }

    [Fact]
    public async Task A_group_of_the_pod_owns_its_empty_folder()
    {
        if (Environment.UserName != "root") return;
        var o = PodCase.Read("""spec {"securityContext":{"fsGroup":4242},"containers":[{"name":"main","image":"a"}],"volumes":[{"name":"e","emptyDir":{}}]}""");
        var folder = (await Setup.Ensure(o, default))["e"].HostPath;
        _host.Group(folder).ShouldBe(4242);
        (_host.Mode(folder) & 0b010_000_000_000).ShouldNotBe(0);
    }

    [Fact]
    public void What_a_file_says_is_read_from_its_end()
    {
        File.WriteAllText($"{_data}/long", new string('x', 100) + "end");
        Encoding.UTF8.GetString(_host.ReadTail($"{_data}/long", 3)!).ShouldBe("end");
        _host.ReadTail($"{_data}/none", 3).ShouldBeNull();
    }

    [Fact]
    public async Task A_token_is_kept_until_four_fifths_of_its_life_are_over()
    {
        var given = 0;
        const string Path = "/api/v1/namespaces/default/serviceaccounts/default/token";
        _api.Answers[Path] = asked =>
        {
            ((string?)asked["spec"]!["boundObjectRef"]!["uid"]).ShouldBe("u1");
            ((long?)asked["spec"]!["expirationSeconds"]).ShouldBe(1000);
            ((string?)asked["spec"]!["audiences"]![0]).ShouldBe("vault");
            return JsonNode.Parse($$$"""{"status":{"token":"token-{{{++given}}}","expirationTimestamp":"2026-01-01T12:16:40Z"}}""")!;
        };
        var pod = Pod("""{"name":"t","projected":{"sources":[{"serviceAccountToken":{"path":"token","expirationSeconds":1000,"audience":"vault"}}]}}""");
        var setup = Setup;
        async Task<string> After(int seconds)
        {
            var later = pod with { Now = pod.Now.AddSeconds(seconds) };
            await setup.Refresh(later, new Lookup(_api), default);
            return File.ReadAllText($"{_data}/pods/u1/volumes/kubernetes.io~projected/t/token");
        }
        await setup.Ensure(pod, default);
        (await After(799)).ShouldBe("token-1");
        (await After(801)).ShouldBe("token-2");
        _api.Answers.Remove(Path);
        (await After(801 + 150)).ShouldBe("token-2", "a token that can't be replaced serves to its end");
        await Should.ThrowAsync<VolumeException>(() => After(1100));
    }

    [Fact]
    public async Task A_round_over_many_pods_reads_an_object_that_they_share_once()
    {
        _api.Add("/api/v1/namespaces/default/configmaps/kube-root-ca.crt", JsonNode.Parse("""{"metadata":{"name":"kube-root-ca.crt"},"data":{"ca.crt":"x"}}""")!);
        var pod = Pod("""{"name":"a","configMap":{"name":"kube-root-ca.crt"}},{"name":"b","projected":{"sources":[{"configMap":{"name":"kube-root-ca.crt"}}]}}""");
        var (setup, seen) = (Setup, new Lookup(_api, remembers: true));
        for (var i = 0; i < 3; i++) await setup.Refresh(pod, seen, default);
        _api.Calls.Count.ShouldBe(1);
    }
}
