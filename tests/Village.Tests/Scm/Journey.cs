using Village.Tests.Testing;

namespace Village.Tests.Scm;

/// <summary>The main job, once through, in whatever repository a test has made.</summary>
internal static class Journey
{
    extension(TestVillage village)
    {
        /// <summary>
        /// Up, a task that fails and is tried again, its work on the branch and what the first attempt left in the trash, asked from
        /// inside the workspace too, cleaned up, nothing wrong, down.
        /// </summary>
        public async Task<string> GoesThroughItAllAsync(string settings = "", string prefix = "village/")
        {
            village.Configure($"MAX_WORKERS=1\n{settings}", "village signal working -m here; echo $VILLAGE_ATTEMPT > work.txt; [ $VILLAGE_ATTEMPT = 2 ]");
            (await village.RunAsync("up", "--no-dashboard")).Succeed();
            var task = await village.AddAsync("One");
            (await village.RunAsync("queue", "--drain")).ExitsWith(1);
            Assert.Equal("agent_exit", (await village.StateAsync(task)).Reason);
            (await village.RunAsync("retry", task)).Succeed();

            (await village.RunAsync("queue", "--drain")).Succeed();

            Assert.Equal((await village.RunAsync("status", "--json")).Succeed().Out, (await village.RunInAsync(village.Workspace(task), ["status", "--json"])).Succeed().Out);
            Assert.Equal("2", village.Git("show", $"{prefix}{task}:work.txt"));
            Assert.Equal("1", village.Git("show", $"refs/village/trash/{task}/1-1:work.txt"));
            Assert.Equal(["working", "working"], village.Events().Select(e => Asking.Text(e, "signal")).OfType<string>());
            (await village.RunAsync("doctor")).Succeed();
            (await village.RunAsync("cleanup", "--apply")).Succeed();
            Assert.False(Directory.Exists(village.Workspace(task)));
            (await village.RunAsync("down")).Succeed();
            return task;
        }

        /// <summary>Puts another repository in the place of the sandbox's: <paramref name="make"/> gets where the first one lies now.</summary>
        public void BecomesOf(Action<string> make)
        {
            var origin = Path.Combine(village.Sandbox, "origin");
            Directory.Move(village.Root, origin);
            make(origin);
        }
    }
}
