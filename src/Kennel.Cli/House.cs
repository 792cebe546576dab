using Kennel.Client.Caching;
using Kennel.Client.Running;
using Kennel.Controllers.Certificates;
using Kennel.Controllers.CronJobs;
using Kennel.Controllers.DaemonSets;
using Kennel.Controllers.Deployments;
using Kennel.Controllers.DisruptionBudgets;
using Kennel.Controllers.Endpoints;
using Kennel.Controllers.GarbageCollection;
using Kennel.Controllers.HorizontalPodAutoscalers;
using Kennel.Controllers.Jobs;
using Kennel.Controllers.LoadBalancers;
using Kennel.Controllers.Namespaces;
using Kennel.Controllers.Nodes;
using Kennel.Controllers.ReplicaSets;
using Kennel.Controllers.Roles;
using Kennel.Controllers.Scheduling;
using Kennel.Controllers.ServiceAccounts;
using Kennel.Controllers.StatefulSets;
using Kennel.Controllers.TtlAfterFinished;
using Kennel.Controllers.Volumes;
using Kennel.Controllers.Volumes.LocalPath;
using Kennel.Network.Hosts;
using Kennel.Network.Policies;
using Kennel.Network.Services;
using Kennel.Objects.Core;
using Kennel.Objects.Schemas;

namespace Kennel.Cli;

/// <summary>The controllers of a cluster.</summary>
static class House
{
    /// <param name="volumes">Where provisioned volumes are.</param>
    /// <param name="access">What is given to those inside the cluster, so that they can speak to the API.</param>
    /// <param name="apiPort">The port at which the API is served: no load balancer may take it.</param>
    public static IEnumerable<IController> Controllers(Caches caches, Catalog catalog, LocalPathOptions volumes, AccessOptions access, int apiPort = 0) =>
    [
        new StatefulSetController(caches), new ReplicaSetController(caches), new ReplicationControllerController(caches), new DeploymentController(caches),
        new DaemonSetController(caches), new JobController(caches), new LeftPods(caches), new CronJobController(caches), new TtlController(caches),
        new Scheduler(caches),
        new ClaimBinder(caches), new VolumeBinder(caches, volumes.Directories), new Provisioner(caches, volumes), new Cleaner(caches, volumes),
        new ClaimProtection(caches), new VolumeProtection(caches), new EphemeralVolumes(caches), new Expander(caches),
        new EndpointSliceController(caches), new EndpointsController(caches), new ByHandController(caches), new LoadBalancerController(caches, apiPort),
        new NodeLifecycle(caches), new TaintEviction(caches), new PodCollector(caches),
        new DisruptionBudgetController(caches, catalog), new StaleDisruption(caches), new HorizontalPodAutoscalerController(caches, catalog),
        new NamespaceController(caches, catalog),
        new RoleAggregation(caches), new CertificateController(caches, access.Certify), new DefaultAccount(caches), new AuthorityPublisher(caches, access.AuthorityPem), new TokenSecrets(caches, access.AuthorityPem, access.Sign),
        .. GarbageCollector.All(caches, catalog),
    ];

    /// <summary>Services and network policies are made to work on this machine.</summary>
    public static IEnumerable<IController> Network(Caches caches, Instance instance)
    {
        var host = new SystemHost();
        var settings = new Settings(host, instance.Bridge);
        return [new ServiceProxy(caches, host, settings, Machine.Services(instance)), new PolicyEnforcer(caches, host, settings, Machine.PolicyTable(instance), Machine.NodeName)];
    }
}

/// <param name="AuthorityPem">The certificate of the authority behind the server's own.</param>
/// <param name="Sign">The token of a service account that is good for as long as a Secret holds it.</param>
/// <param name="Certify">Signs a request (PEM) for usages and a time, and gives the certificate (PEM).</param>
sealed record AccessOptions(string AuthorityPem, Func<ServiceAccount, Secret, string> Sign, Func<string, IReadOnlyList<string>, TimeSpan?, string> Certify);
